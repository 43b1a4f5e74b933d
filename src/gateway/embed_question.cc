#include "gateway/embed_question.h"

#include <utility>

#include "async/loop.h"
#include "attempt/attempt.h"
#include "cache/semantic_index.h"
#include "credentials/resolve_target.h"
#include "json/scan.h"
#include "json/value.h"
#include "providers/signers/signer.h"
#include "providers/upstream_url.h"

namespace gatehouse::gateway {
namespace {

using async::Task;

constexpr std::size_t kMaxAnswer = 1024 * 1024;

std::unexpected<Error> refuse(std::string_view what) {
  return fail(gateway_error(ErrorCode::invalid_config, "cache.semantic: " + std::string(what)));
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

std::string body_of(const config::SemanticCacheSettings& settings, std::string_view model,
                    std::string_view text) {
  std::string body = R"({"model":)" + json::quote(model) + R"(,"input":)" + json::quote(text);
  if (settings.dimensions > 0) body += ",\"dimensions\":" + std::to_string(settings.dimensions);
  return body + R"(,"encoding_format":"float"})";
}

Result<credentials::ResolvedTarget> find_embedder(const Snapshot& snapshot) {
  const config::SemanticCacheSettings& settings = snapshot.settings().cache.semantic;
  credentials::RequestHints hints;
  hints.provider_header = settings.provider;
  hints.model = settings.model;
  return credentials::resolve_target(hints, snapshot.credentials, snapshot.names,
                                     snapshot.environment());
}

Result<providers::UpstreamUrl> url_of(const providers::ProviderRow& row,
                                      const credentials::ResolvedTarget& target) {
  if (row.reach == providers::Reach::in_process) return providers::UpstreamUrl{};
  std::optional<providers::BaseUrl> base;
  if (target.custom_host) base = providers::split_base_url(*target.custom_host);
  return providers::endpoint_url(row, {llm::Capability::embed, "/embeddings", {}, target.model},
                                 providers::NoOptions(), base ? &*base : nullptr);
}

Result<http::FieldLines> fields_of(const providers::ProviderRow& row,
                                   const credentials::ResolvedTarget& target) {
  http::FieldLines fields;
  fields.add("content-type", "application/json");
  fields.add("accept-encoding", "identity");
  fields.add("user-agent", "gatehouse");
  if (target.stored) {
    for (const auto& [name, value] : target.stored->headers) fields.add(name, value.reveal());
  }
  const Result<const providers::Signer*> signer = providers::signer_of(row);
  if (!signer) return fail(signer.error());
  Result<void> is_signed = (*signer)->sign(row, target.key, fields);
  if (!is_signed) return fail(std::move(is_signed.error()));
  return fields;
}

Result<attempt::Outgoing> prepare_call(const providers::ProviderRow& row,
                                       const credentials::ResolvedTarget& target,
                                       const config::SemanticCacheSettings& settings) {
  Result<providers::UpstreamUrl> url = url_of(row, target);
  if (!url) return fail(std::move(url.error()));
  Result<http::FieldLines> fields = fields_of(row, target);
  if (!fields) return fail(std::move(fields.error()));
  attempt::Outgoing outgoing;
  outgoing.row = &row;
  outgoing.url = std::move(*url);
  outgoing.path = "/v1/embeddings";
  outgoing.fields = std::move(*fields);
  outgoing.timeouts = {settings.timeout, settings.timeout,
                       async::Loop::current().now() + settings.timeout};
  return outgoing;
}

}  // namespace

Task<std::vector<float>> embed_question(Worker& worker, const Snapshot& snapshot,
                                        std::string text) {
  const config::SemanticCacheSettings& settings = snapshot.settings().cache.semantic;
  const credentials::ResolvedTarget target = co_await find_embedder(snapshot);
  const providers::ProviderRow* const row = snapshot.providers.find(target.provider);
  if (row == nullptr) co_return refuse("there is no such provider.");
  const std::string body = body_of(settings, target.model, text);
  attempt::Outgoing outgoing = co_await prepare_call(*row, target, settings);
  outgoing.body.push_back(body);
  attempt::Answer answer = co_await attempt::send(worker.pool(), std::move(outgoing));
  const std::string document =
      co_await http::collect(std::move(answer.body), 32 * 1024, kMaxAnswer);
  if (answer.status != 200) {
    co_return refuse(target.provider + " answered " + std::to_string(answer.status) + ".");
  }
  co_return read_vector(document);
}

}  // namespace gatehouse::gateway
