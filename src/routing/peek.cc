#include "routing/peek.h"

#include <vector>

#include "base/text.h"
#include "http/content_coding.h"
#include "json/scan.h"
#include "routing/event_cutter.h"
#include "routing/event_meaning.h"

namespace gatehouse::routing {

using async::Task;
using attempt::AnswerPtr;
using http::Chunk;
using http::Stream;

namespace {

constexpr std::size_t kLongestDocument = 64 * 1024 * 1024;
// An upstream that talks this much without saying anything is not waited for any longer.
constexpr std::size_t kMostHeld = 256 * 1024;

Stream<Chunk> joined(std::vector<Chunk> held, Stream<Chunk> rest) {
  for (Chunk& chunk : held) {
    co_yield chunk;
    chunk = Chunk();
  }
  held.clear();
  while (Chunk* const chunk = co_await rest.next()) co_yield *chunk;
}

Stream<Chunk> whole(std::string text) {
  Chunk chunk = async::make_chunk(std::move(text));
  chunk.is_last = true;
  co_yield chunk;
}

enum class Seen : std::uint8_t { nothing, answer };

/// Error: the stream told one.
Result<Seen> look_at(const std::vector<std::string_view>& events, EventShape shape) {
  for (const std::string_view event : events) {
    const EventText text(event);
    const EventMeaning meaning = meaning_of(text.name(), text.data(), shape);
    if (meaning.error) {
      return fail(upstream_error(ErrorCode::upstream_status,
                                 "The upstream sent an error in its stream: " + *meaning.error));
    }
    if (meaning.is_semantic) return Seen::answer;
  }
  return Seen::nothing;
}

Task<AnswerPtr> committed_stream(AnswerPtr answer, EventShape shape) {
  std::vector<Chunk> held;
  std::size_t held_bytes = 0;
  EventCutter cutter;
  std::vector<std::string_view> events;
  Stream<Chunk> body = std::move(answer->body);
  for (;;) {
    Chunk* const chunk = co_await body.next();
    if (chunk == nullptr) {
      co_return fail(upstream_error(ErrorCode::upstream_cut,
                                    "The upstream ended its stream before it said anything."));
    }
    events.clear();
    cutter.feed(chunk->view(), events);
    held_bytes += chunk->view().size();
    held.push_back(std::move(*chunk));
    const Seen seen = co_await look_at(events, shape);
    if (seen == Seen::answer || held_bytes > kMostHeld) break;
  }
  answer->body = joined(std::move(held), std::move(body));
  answer->is_body_ready = true;
  co_return std::move(answer);
}

Task<AnswerPtr> committed_document(AnswerPtr answer) {
  std::string text = co_await http::collect(std::move(answer->body), answer->length.value_or(4096),
                                            kLongestDocument);
  if (!json::scan_object(text)) {
    co_return fail(
        upstream_error(ErrorCode::upstream_malformed, "The upstream's answer is no JSON object."));
  }
  answer->length = text.size();
  answer->is_body_ready = true;
  answer->body = whole(std::move(text));
  co_return std::move(answer);
}

}  // namespace

Task<AnswerPtr> committed(AnswerPtr answer, EventShape shape) {
  const auto coding = http::content_coding_of(answer->content_encoding);
  const bool is_plain = coding == http::ContentCoding::identity;
  const std::string_view type = answer->content_type;
  if (is_plain && starts_with_ignoring_case(type, "text/event-stream")) {
    co_return co_await committed_stream(std::move(answer), shape);
  }
  const bool is_document = starts_with_ignoring_case(type, "application/json");
  if (is_plain && is_document && shape != EventShape::unknown) {
    co_return co_await committed_document(std::move(answer));
  }
  co_return std::move(answer);
}

}  // namespace gatehouse::routing
