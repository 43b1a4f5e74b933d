#include "gateway/stored_responses.h"

#include <utility>

#include "async/background.h"
#include "base/text.h"
#include "dialects/openai_responses/history.h"
#include "json/scan.h"

namespace gatehouse::gateway {

using async::Task;
using dialects::openai_responses::input_items;
using dialects::openai_responses::output_items;
using dialects::openai_responses::with_history;
using http::Chunk;
using http::Stream;
using responses::StoredResponse;

namespace {

constexpr std::string_view kResponses = "/v1/responses/";
constexpr std::string_view kItems = "/input_items";

using Found = std::optional<StoredResponse>;

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Found> find(Worker& worker, std::string id, std::string owner) {
  responses::KeptResponses* const store = worker.shared().responses;
  if (store == nullptr) co_return Found();
  std::move_only_function<Result<Found>()> work =
      [store, id = std::move(id), owner = std::move(owner)] { return store->find(id, owner); };
  co_return co_await async::run_in<Found>(worker.shared().background, std::move(work));
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<bool> remove(Worker& worker, std::string id, std::string owner) {
  responses::KeptResponses* const store = worker.shared().responses;
  std::move_only_function<Result<bool>()> work =
      [store, id = std::move(id), owner = std::move(owner)] { return store->remove(id, owner); };
  co_return co_await async::run_in<bool>(worker.shared().background, std::move(work));
}

std::string text_member(std::string_view object, std::string_view key) {
  const Result<std::vector<json::Member>> members = json::scan_object(object);
  const json::Member* member = members ? json::find(*members, key) : nullptr;
  return member == nullptr ? std::string() : json::unescape(member->value).value_or("");
}

/// The whole response within a chunk of the stream that ends it; empty in any other chunk.
std::string_view final_response(std::string_view chunk) {
  for (const std::string_view event :
       {"event: response.completed\ndata: ", "event: response.incomplete\ndata: "}) {
    const std::size_t at = chunk.find(event);
    if (at == std::string_view::npos) continue;
    const std::string_view data = chunk.substr(at + event.size());
    const Result<std::vector<json::Member>> members =
        json::scan_object(data.substr(0, data.find('\n')));
    const json::Member* response = members ? json::find(*members, "response") : nullptr;
    if (response != nullptr) return response->value;
  }
  return {};
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<bool> keep(Worker& worker, StoredResponse response) {
  responses::KeptResponses* const store = worker.shared().responses;
  std::move_only_function<Result<bool>()> work =
      [store, response = std::move(response)]() -> Result<bool> {
    store->keep(response);
    return true;
  };
  co_return co_await async::run_in<bool>(worker.shared().background, std::move(work));
}

enum class Shape : std::uint8_t { document, events };

// The answer goes on even if it could not be kept: the store fails open.
// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Stream<Chunk> kept(Stream<Chunk> in, Worker& worker, StoredResponse response, Shape shape) {
  while (Chunk* const chunk = co_await in.next()) {
    const std::string_view text =
        shape == Shape::events ? final_response(chunk->view()) : chunk->view();
    response.id = text.empty() ? std::string() : text_member(text, "id");
    if (!response.id.empty()) {
      response.body = text;
      const Result<bool> done = co_await as_result(keep(worker, response));
      if (!done) worker.shared().responses->lose(done.error());  // too much waits already
    }
    co_yield *chunk;
  }
}

std::unexpected<Failure> unknown_response(const std::string& id) {
  return fail(client_error(ErrorCode::invalid_request,
                           "There is no response '" + id.substr(0, 128) +
                               "' to go on with: it is unknown here, another key's, or older than "
                               "30 days. Send the earlier turns in 'input'.",
                           "previous_response_id"));
}

}  // namespace

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> answer_stored_response(Worker& worker, const http::RequestHead& head,
                                                const exchange::Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  attempt::AnswerPtr answer;
  std::string_view id = head.path;
  const bool is_about_one = id.starts_with(kResponses) && worker.shared().responses != nullptr;
  const bool is_removal = head.method == "DELETE";
  if (!is_about_one || (!is_removal && head.method != "GET")) co_return std::move(answer);
  id.remove_prefix(kResponses.size());
  const bool wants_items = id.ends_with(kItems);
  if (wants_items) id.remove_suffix(kItems.size());
  const std::string owner = exchange.principal.key_id;
  const Found found = co_await find(worker, std::string(id), owner);
  if (!found) co_return std::move(answer);
  if (is_removal) {
    co_await remove(worker, found->id, owner);
    answer = attempt::json_answer(R"({"id":)" + json::quote(found->id) +
                                  R"(,"object":"response","deleted":true})");
  } else if (wants_items) {
    answer = attempt::json_answer(R"({"object":"list","data":)" + found->input +
                                  R"(,"has_more":false})");
  } else {
    answer = attempt::json_answer(found->body);
  }
  co_return std::move(answer);
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Conversation> recall_conversation(Worker& worker, const Asked& asked,
                                       const exchange::Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  Conversation conversation;
  conversation.body = asked.body;
  if (worker.shared().responses == nullptr) co_return std::move(conversation);
  const json::Member* named = json::find(asked.members, "previous_response_id");
  const std::string id =
      named == nullptr ? std::string() : json::unescape(named->value).value_or("");
  if (!id.empty()) {
    const Found earlier = co_await find(worker, id, exchange.principal.key_id);
    if (!earlier) co_await Result<void>(unknown_response(id));
    const std::string said = co_await output_items(earlier->body);
    conversation.body = co_await with_history(asked.body, earlier->input, said);
  }
  const json::Member* store = json::find(asked.members, "store");
  const bool is_kept = store == nullptr || store->value != "false";
  if (is_kept) conversation.input = co_await input_items(conversation.body);
  co_return std::move(conversation);
}

attempt::AnswerPtr keep_response(Worker& worker, attempt::AnswerPtr answer, std::string input,
                                 const exchange::Exchange& exchange) {
  if (input.empty() || worker.shared().responses == nullptr) return answer;
  StoredResponse response;
  response.owner = exchange.principal.key_id;
  response.created = exchange.started;
  response.input = std::move(input);
  const bool is_stream = starts_with_ignoring_case(answer->content_type, "text/event-stream");
  answer->is_body_ready = false;
  answer->body = kept(std::move(answer->body), worker, std::move(response),
                      is_stream ? Shape::events : Shape::document);
  return answer;
}

}  // namespace gatehouse::gateway
