#include "gateway/embed_question.h"

#include <utility>

#include "async/until.h"
#include "cache/semantic_index.h"
#include "gateway/call_endpoint.h"
#include "gateway/prepare.h"
#include "gateway/sign.h"
#include "gateway/try_target.h"
#include "json/value.h"

namespace gatehouse::gateway {
namespace {

using async::Task;

constexpr std::size_t kMaxAnswer = 1024 * 1024;

std::unexpected<Failure> refuse(std::string_view what) {
  return fail(gateway_error(ErrorCode::invalid_config, "cache.semantic: " + std::string(what)));
}

/// A request of the gateway's own: nobody's headers, nobody's key, and books that are not kept. It
/// takes the same way as a client's.
struct OwnRequest {
  http::RequestHead head;
  http::BodySource unread;
  http::Request request{head, unread, {}};
  GatewayFields fields;
  auth::Identity identity;
  Asked asked;
  exchange::Exchange exchange;

  ResolveInput input() const { return {fields, head.fields, asked, identity}; }
};

Result<std::unique_ptr<OwnRequest>> own_request(const config::SemanticCacheSettings& settings,
                                                std::string_view text) {
  constexpr std::string_view kPath = "/v1/embeddings";
  auto own = std::make_unique<OwnRequest>();
  own->head.method = "POST";
  own->head.path = kPath;
  own->head.framing = http::Framing::length;
  own->fields.provider = settings.provider;
  own->asked.route = *route_of("POST", kPath);
  own->asked.model = settings.model;
  std::string& body = own->asked.body;
  body = R"({"model":)" + json::quote(settings.model) + R"(,"input":)" + json::quote(text);
  if (settings.dimensions > 0) body += ",\"dimensions\":" + std::to_string(settings.dimensions);
  body += R"(,"encoding_format":"float"})";
  Result<std::vector<json::Member>> members = json::scan_object(body);
  if (!members) return fail(std::move(members.error()));
  own->asked.members = std::move(*members);
  return own;
}

Result<std::vector<float>> read_vector(std::string_view answer) {
  const Result<json::Value> tree = json::parse(answer);
  const json::Value* const data = tree ? json::find(*tree, "data") : nullptr;
  const bool has_one = data != nullptr && data->is_array() && !data->get_array().empty();
  const json::Value* const list =
      has_one ? json::find(data->get_array().front(), "embedding") : nullptr;
  if (list == nullptr || !list->is_array()) return refuse("the answer holds no vector.");
  std::vector<float> vector;
  vector.reserve(list->get_array().size());
  for (const json::Value& number : list->get_array()) {
    if (!number.is_number()) return refuse("the vector holds what is no number.");
    vector.push_back(number.to_number<float>());
  }
  if (!cache::normalise(vector)) return refuse("the vector has no direction.");
  return vector;
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> ask(Worker& worker, const Snapshot& snapshot, OwnRequest& own) {
  const ResolveInput input = own.input();
  const Target target = co_await resolve(snapshot, input, own.exchange);
  if (const auto* door = endpoint_door_of(Endpoint::embed, target)) {
    const EndpointCall call{worker, snapshot, own.request, input, target};
    co_return co_await call_endpoint(call, *door, exchange::AttemptNote(), own.exchange);
  }
  Prepared prepared = co_await prepare(snapshot, own.request, input, target, nullptr);
  co_await sign({worker, snapshot, input, target}, prepared.outgoing);
  co_return co_await try_target(worker.pool(), prepared.outgoing, target, exchange::AttemptNote(),
                                own.exchange);
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<std::vector<float>> embed(Worker& worker, const Snapshot& snapshot, std::string text) {
  const std::unique_ptr<OwnRequest> own =
      co_await own_request(snapshot.settings().cache.semantic, text);
  attempt::AnswerPtr answer = co_await ask(worker, snapshot, *own);
  const std::string document =
      co_await http::collect(std::move(answer->body), 32 * 1024, kMaxAnswer);
  co_return read_vector(document);
}

}  // namespace

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<std::vector<float>> embed_question(Worker& worker, const Snapshot& snapshot,
                                        std::string text) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  async::Timer timer(snapshot.settings().cache.semantic.timeout);
  Error too_late = gateway_error(ErrorCode::request_timeout, "cache.semantic: it took too long.");
  auto embedding =
      async::until(embed(worker, snapshot, std::move(text)), timer.trigger(), std::move(too_late));
  co_return co_await std::move(embedding);
}

}  // namespace gatehouse::gateway
