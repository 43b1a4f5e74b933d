#include "gateway/call_endpoint.h"

#include <chrono>
#include <utility>

#include "gateway/prepare.h"
#include "gateway/sign.h"
#include "gateway/try_target.h"

namespace gatehouse::gateway {

using async::Task;
using dialects::EndpointAsk;
using dialects::EndpointKind;

namespace {

constexpr std::size_t kMaxDocument = 64 * 1024 * 1024;

std::optional<EndpointKind> kind_of(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::embed: return EndpointKind::embeddings;
    case Endpoint::rerank: return EndpointKind::rerank;
    case Endpoint::image_generate: return EndpointKind::images;
    case Endpoint::list_models: return EndpointKind::models;
    case Endpoint::messages_count_tokens: return EndpointKind::count_tokens;
    default: return std::nullopt;
  }
}

EndpointAsk ask_of(const EndpointCall& call, const exchange::Exchange& exchange) {
  const auto since = exchange.started.time_since_epoch();
  return {call.input.asked.body, call.target.resolved.model, call.target.row->id,
          call.target.host(), std::chrono::duration_cast<std::chrono::seconds>(since).count()};
}

/// One of the requests, as far as the body of its answer.
// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<std::string> ask_once(EndpointCall call, dialects::EncodedRequest request,
                           exchange::AttemptNote note, exchange::Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  Translation translation;
  translation.encoded = std::move(request);
  Prepared prepared =
      co_await prepare(call.snapshot, call.request, call.input, call.target, &translation);
  co_await sign({call.worker, call.snapshot, call.input, call.target}, prepared.outgoing);
  attempt::AnswerPtr answer =
      co_await try_target(call.worker.pool(), prepared.outgoing, call.target, note, exchange);
  http::Stream<http::Chunk> body = std::move(answer->body);
  const auto coding = http::content_coding_of(answer->content_encoding);
  if (coding && *coding != http::ContentCoding::identity) {
    body = http::decode_content(std::move(body), *coding);
  }
  co_return co_await http::collect(std::move(body), 16 * 1024, kMaxDocument);
}

}  // namespace

const dialects::EndpointDoor* endpoint_door_of(Endpoint endpoint, const Target& target) {
  const std::optional<EndpointKind> kind = kind_of(endpoint);
  const std::optional<llm::DialectId> dialect = target.dialect();
  if (!kind || !dialect || target.row->reach == providers::Reach::in_process) return nullptr;
  // OpenAI-shaped providers that have the Messages protocol too count its tokens themselves.
  const bool is_openai = *dialect == llm::DialectId::openai_chat;
  if (is_openai && target.row->can.has(Capability::messages)) return nullptr;
  return dialects::endpoint_door(*kind, *dialect, target.host());
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> call_endpoint(EndpointCall call, const dialects::EndpointDoor& door,
                                       exchange::AttemptNote note, exchange::Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  const EndpointAsk ask = ask_of(call, exchange);
  std::vector<dialects::EncodedRequest> requests = co_await door.encode(ask);
  std::vector<std::string> answers;
  answers.reserve(requests.size());
  for (dialects::EncodedRequest& request : requests) {
    answers.push_back(co_await ask_once(call, std::move(request), note, exchange));
  }
  dialects::EndpointReply reply = co_await door.decode(ask, answers);
  if (reply.usage) exchange.usage = reply.usage;
  co_return attempt::json_answer(std::move(reply.body));
}

}  // namespace gatehouse::gateway
