#include "async/loop.h"
#include "async/until.h"
#include "attempt/attempt.h"
#include "base/text.h"
#include "demo/answer.h"

namespace gatehouse::attempt {

using async::Task;
using http::Chunk;
using http::Stream;

namespace {

constexpr std::size_t kMaxBody = 64 * 1024 * 1024;

Stream<Chunk> body_of(demo::Answer answer) {
  std::size_t left = answer.chunks.size();
  for (demo::Chunk& each : answer.chunks) {
    if (each.delay.count() > 0) co_await async::sleep_for(each.delay);
    Chunk chunk = async::make_chunk(std::move(each.bytes));
    chunk.is_last = --left == 0 && answer.ending == demo::Ending::complete;
    co_yield chunk;
  }
  if (answer.ending == demo::Ending::cut) {
    co_await Result<void>(fail(upstream_error(ErrorCode::upstream_cut,
                                              "The demo provider broke off, as it was asked to.")));
  }
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<std::string> whole_body(Outgoing& outgoing) {
  if (outgoing.upload) co_return co_await http::collect(std::move(*outgoing.upload), 0, kMaxBody);
  std::string text;
  for (const std::string_view piece : outgoing.body.span()) text.append(piece);
  co_return std::move(text);
}

std::string_view field_of(const http::FieldLines& fields, std::string_view name) {
  std::string_view rest = fields.text();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    if (line.size() > name.size() && line[name.size()] == ':' &&
        starts_with_ignoring_case(line, name)) {
      return trimmed(line.substr(name.size() + 1));
    }
    rest.remove_prefix(line.size() + 2);
  }
  return {};
}

}  // namespace

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<AnswerPtr> answer_in_process(Outgoing& outgoing) {
  const std::string body = co_await whole_body(outgoing);
  demo::Request request;
  request.method = outgoing.method;
  request.path = outgoing.path;
  request.content_type = field_of(outgoing.fields, "content-type");
  request.body = body;
  request.created = std::chrono::duration_cast<std::chrono::seconds>(
                        async::Loop::current().clock().wall().time_since_epoch())
                        .count();
  demo::Answer made = demo::answer(request);
  auto answer = std::make_unique<Answer>();
  answer->status = made.status;
  answer->content_type = made.content_type;
  for (const auto& [name, value] : made.headers) answer->fields.add(name, value);
  answer->is_body_ready = made.chunks.empty() || made.chunks.front().delay.count() == 0;
  const bool is_whole = made.chunks.size() <= 1 && made.ending == demo::Ending::complete;
  if (is_whole) answer->length = made.chunks.empty() ? 0 : made.chunks.front().bytes.size();
  answer->body = body_of(std::move(made));
  co_return std::move(answer);
}

}  // namespace gatehouse::attempt
