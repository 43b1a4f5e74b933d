#include "gateway/batch_output.h"

#include "gateway/prepare.h"
#include "gateway/sign.h"
#include "gateway/translate.h"
#include "gateway/try_target.h"
#include "http/content_coding.h"
#include "json/value.h"

namespace gatehouse::gateway {

using async::Task;

namespace {

constexpr std::size_t kMaxBatch = 1024 * 1024;

/// "/v1/batches/ID/output" without its ends; the router has checked them.
std::string_view batch_path(std::string_view path) {
  constexpr std::string_view kVersion = "/v1";
  constexpr std::string_view kOutput = "/output";
  return path.substr(kVersion.size(), path.size() - kVersion.size() - kOutput.size());
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> get(EndpointCall call, std::string path, Capability capability,
                             exchange::AttemptNote note, exchange::Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  Translation elsewhere;
  elsewhere.encoded.path = std::move(path);
  elsewhere.capability = capability;
  Prepared prepared =
      co_await prepare(call.snapshot, call.request, call.input, call.target, &elsewhere);
  co_await sign({call.worker, call.snapshot, call.input, call.target}, prepared.outgoing);
  co_return co_await try_target(call.worker.pool(), prepared.outgoing, call.target, note, exchange);
}

std::string text_at(const json::Value& tree, std::string_view key) {
  const json::Value* const found = json::find(tree, key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

/// An id goes into a path: nothing else may come along with it.
bool is_plain_id(std::string_view id) {
  return !id.empty() && id.find_first_of("/?#% \r\n") == std::string_view::npos;
}

}  // namespace

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> call_batch_output(EndpointCall call, exchange::AttemptNote note,
                                           exchange::Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  std::string path(batch_path(call.request.head.path));
  attempt::AnswerPtr batch =
      co_await get(call, std::move(path), Capability::batches, note, exchange);
  const std::string text = co_await http::collect(std::move(batch->body), 4096, kMaxBatch);
  const Result<json::Value> tree = json::parse(text);
  if (!tree || !tree->is_object()) {
    co_return fail(upstream_error(ErrorCode::upstream_malformed,
                                  "The provider's answer about the batch is no JSON object."));
  }
  const std::string file = text_at(*tree, "output_file_id");
  if (is_plain_id(file)) {
    co_return co_await get(call, "/files/" + file + "/content", Capability::files, note, exchange);
  }
  const json::Value* const errors = json::find(*tree, "errors");
  if (errors != nullptr && errors->is_object()) {
    co_return attempt::json_answer(json::serialize(*errors));
  }
  co_return fail(client_error(
      ErrorCode::invalid_request,
      "The batch has no output yet: its status is '" + text_at(*tree, "status") + "'."));
}

}  // namespace gatehouse::gateway
