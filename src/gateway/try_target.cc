#include "gateway/try_target.h"

#include <array>

#include "async/loop.h"
#include "base/text.h"
#include "dialects/fault.h"
#include "gateway/mask_secrets.h"

namespace gatehouse::gateway {

using async::Task;

namespace {

constexpr std::size_t kMaxErrorBody = 1024 * 1024;

/// The fields of a provider's failure that a client can use: when to come again, what is left, whom
/// to name in a support request.
bool is_worth_passing(std::string_view name) {
  constexpr std::array kWorthy = {std::string_view("retry-after"),
                                  std::string_view("retry-after-ms"),
                                  std::string_view("x-ms-retry-after-ms"),
                                  std::string_view("x-should-retry"),
                                  std::string_view("x-request-id"),
                                  std::string_view("request-id"),
                                  std::string_view("cf-ray")};
  for (const std::string_view worthy : kWorthy) {
    if (equals_ignoring_case(name, worthy)) return true;
  }
  return starts_with_ignoring_case(name, "x-ratelimit-") ||
         starts_with_ignoring_case(name, "anthropic-ratelimit-");
}

std::vector<std::pair<std::string, std::string>> worthy_fields(std::string_view lines) {
  std::vector<std::pair<std::string, std::string>> fields;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && is_worth_passing(line.substr(0, colon))) {
      fields.emplace_back(lowered(line.substr(0, colon)),
                          std::string(trimmed(line.substr(colon + 1))));
    }
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
  }
  return fields;
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Error> failure_of(attempt::AnswerPtr answer, const Target& target,
                       std::vector<Secret> secrets) {
  http::Stream<http::Chunk> body = std::move(answer->body);
  const auto coding = http::content_coding_of(answer->content_encoding);
  if (coding && *coding != http::ContentCoding::identity) {
    body = http::decode_content(std::move(body), *coding);
  }
  // A body that breaks off or never ends does not hide the status.
  const Result<std::string> text =
      co_await as_result(http::collect(std::move(body), 4096, kMaxErrorBody));
  dialects::FailedAnswer failed;
  failed.status = answer->status;
  failed.provider = target.row->id;
  const std::string shown = text ? without_secrets(*text, secrets) : std::string();
  failed.body = shown;
  failed.content_type = answer->content_type;
  failed.fields = worthy_fields(answer->fields.text());
  for (auto& [name, value] : failed.fields) value = without_secrets(value, secrets);
  co_return dialects::error_of(failed);
}

std::size_t begin_attempt(const Target& target, const exchange::AttemptNote& note,
                          exchange::Exchange& exchange) {
  exchange::AttemptRecord& record = exchange.attempts.emplace_back();
  record.target = note.target;
  record.reason = note.reason;
  record.wait = note.wait;
  record.provider = target.row->id;
  record.model = target.resolved.model;
  record.started = async::Loop::current().now();
  return exchange.attempts.size() - 1;
}

}  // namespace

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> try_target(http::Pool& pool, attempt::Outgoing& outgoing,
                                    const Target& target, exchange::AttemptNote note,
                                    exchange::Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  const async::Loop& loop = async::Loop::current();
  // Others may be tried while this one runs: its place in the list stays.
  const std::size_t place = begin_attempt(target, note, exchange);
  const http::Timeout own_timeout = outgoing.own_timeout;
  Result<attempt::AnswerPtr> answer = co_await as_result(attempt::send(pool, outgoing));
  exchange::AttemptRecord& record = exchange.attempts[place];
  record.ended = loop.now();
  if (!answer) {
    if (answer.error()->code == ErrorCode::request_timeout && own_timeout.count() > 0) {
      answer.error()->message = "Request exceeded the timeout sent in the request: " +
                                std::to_string(own_timeout.count()) + "ms";
    }
    record.error = answer.error()->message;
    co_return fail(std::move(answer.error()));
  }
  record.status = (*answer)->status;
  const bool is_passed_through = exchange.endpoint == exchange::Endpoint::proxy;
  if ((*answer)->status < 400 || is_passed_through) co_return std::move(*answer);
  Error error =
      co_await failure_of(std::move(*answer), target, secrets_of(target, outgoing.fields.text()));
  exchange::AttemptRecord& failed = exchange.attempts[place];
  failed.ended = loop.now();
  failed.error = error.message;
  co_return fail(std::move(error));
}

void send_as_upload(http::Request& request, attempt::Outgoing& outgoing) {
  outgoing.upload = request.body();
  if (request.head.framing == http::Framing::length) {
    outgoing.upload_length = request.head.content_length;
  }
}

}  // namespace gatehouse::gateway
