#include "client/src/ask.h"

#include "client/src/debug_log.h"
#include "client/src/failure.h"
#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/openai_chat/openai_chat.h"
#include "dialects/openai_chat/read_answer.h"
#include "http/body.h"

namespace gatehouse::client {
namespace {

using async::Task;

constexpr std::size_t kMaxAnswer = std::size_t{256} * 1024 * 1024;
constexpr std::size_t kMaxRefusal = std::size_t{1024} * 1024;
constexpr std::string_view kGateway = "the gateway";

/// Nothing of an answer has come, so that asking again cannot tell anything twice.
bool may_ask_again(const Error& error) {
  return error.code == ErrorCode::upstream_connection || error.code == ErrorCode::upstream_cut;
}

std::chrono::milliseconds delay_before(int retry, const Question& question, Random& random) {
  const double doubled = static_cast<double>(question.retry_delay.count() << std::min(retry, 10));
  return std::chrono::milliseconds(static_cast<std::int64_t>(doubled * (1 - random.unit() / 2)));
}

http::Call call_of(const Question& question, const std::string& target) {
  http::Call call;
  call.endpoint = question.route->endpoint;
  call.target = target;
  call.fields = &question.fields;
  call.timeouts = {question.timeout, question.timeout, MonotonicTime::max()};
  return call;
}

void tell_sent(const Question& question, const std::string& target) {
  if (!is_debugging()) return;
  debug("POST " + question.route->origin + target + ", " + std::to_string(question.body.size()) +
        " bytes; " + shown_fields(*question.route));
}

void tell_answer(const http::ResponseHead& head) {
  if (!is_debugging()) return;
  debug("answer " + std::to_string(head.status) + ", trace " +
        std::string(head.fields.get("x-portkey-trace-id")));
}

void tell_retry(const Question& question, const Error& error) {
  if (!is_debugging()) return;
  debug("trying again: " + without_secrets(*question.route, error.message));
}

/// Passes a success on, and reads what a refusal says.
Task<http::Answer> check_status(http::Answer answer) {
  const int status = answer.head().status;
  const std::string_view coding = answer.head().fields.get("content-encoding");
  if (status >= 200 && status < 300) {
    if (coding.empty() || coding == "identity") co_return std::move(answer);
    co_return fail(upstream_error(ErrorCode::upstream_malformed,
                                  "the answer is compressed although nobody asked for that"));
  }
  Error error = error_of_answer(answer.head(), {});
  Result<std::string> body = co_await as_result(http::collect(answer.take_body(), 0, kMaxRefusal));
  if (body) error.upstream->body = std::move(*body);
  co_return fail(std::move(error));
}

struct Whole {
  LLMResponse head;
  std::string body;
};

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Whole> ask_whole(Engine& engine, const Question& question) {
  http::Answer answer = co_await open(engine, question);
  Whole whole{response_of(answer.head()), {}};
  const std::size_t expected = answer.head().content_length;
  whole.body = co_await http::collect(answer.take_body(), expected, kMaxAnswer);
  co_return std::move(whole);
}

std::vector<float> vector_of(const json::Value& item) {
  std::vector<float> vector;
  for (const json::Value& number : dialects::array_at(item, "embedding")) {
    vector.push_back(static_cast<float>(dialects::as_number(number).value_or(0)));
  }
  return vector;
}

}  // namespace

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<http::Answer> open(Engine& engine, const Question& question) {
  const std::string target = question.route->base_path + question.path;
  for (int retry = 0;; ++retry) {
    tell_sent(question, target);
    http::Call call = call_of(question, target);
    const std::string_view body = question.body;
    call.body = {&body, 1};
    Result<http::Answer> answer = co_await as_result(http::fetch(engine.pool(), call));
    if (answer) {
      tell_answer(answer->head());
      co_return co_await check_status(std::move(*answer));
    }
    Error& error = answer.error();
    const bool may_repeat = may_ask_again(error);
    if (may_repeat) error.code = ErrorCode::upstream_connection;  // a cut before the answer too
    if (retry >= question.retries || !may_repeat) co_return std::move(answer);
    tell_retry(question, error);
    co_await async::sleep_for(delay_before(retry, question, engine.random()));
  }
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<LLMResponse> ask_chat(Engine& engine, const Question& question) {
  Whole whole = co_await ask_whole(engine, question);
  const dialects::OpenAiChatBackDoor door;
  llm::Reply reply = co_await door.decode_response(whole.body, {kGateway, {}, "0", {}, {}});
  take(std::move(reply), whole.head);
  finish(whole.head, question.calling);
  co_return std::move(whole.head);
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Embeddings> ask_embeddings(Engine& engine, const Question& question) {
  Whole whole = co_await ask_whole(engine, question);
  const json::Value answer = co_await dialects::parse_answer(kGateway, whole.body);
  Embeddings embeddings;
  for (const json::Value& item : dialects::array_at(answer, "data")) {
    embeddings.vectors.push_back(vector_of(item));
  }
  if (embeddings.vectors.empty()) {
    co_return fail(dialects::invalid_answer(kGateway, whole.body));
  }
  if (const auto usage = dialects::openai_chat::read_usage(answer)) {
    embeddings.usage = usage_of(*usage);
  }
  embeddings.model = dialects::text_at(answer, "model");
  embeddings.cached = whole.head.cached;
  embeddings.trace_id = std::move(whole.head.trace_id);
  embeddings.headers = std::move(whole.head.headers);
  co_return embeddings;
}

}  // namespace gatehouse::client
