#include "routing/recover_stream.h"

#include <optional>
#include <utility>

#include "async/loop.h"
#include "async/timed_stream.h"
#include "json/scan.h"
#include "routing/event_cutter.h"
#include "routing/joiner.h"
#include "routing/peek.h"
#include "routing/transcript.h"

namespace gatehouse::routing {

using async::Task;
using http::Chunk;
using http::Stream;

namespace {

/// The event with another text, or another id, in the place of its own.
std::string rewritten(std::string_view data, const EventMeaning& meaning, std::string_view text,
                      std::string_view id) {
  std::string out(data);
  struct Part {
    std::string_view from;
    std::string to;
  };
  Part parts[] = {{meaning.id, std::string(id)},
                  {meaning.content, meaning.content.empty() ? "" : json::quote(text)}};
  // The later one first, so that the earlier keeps its place.
  if (parts[0].from.data() < parts[1].from.data()) std::swap(parts[0], parts[1]);
  for (const Part& part : parts) {
    if (part.from.empty() || part.to.empty()) continue;
    const auto offset = static_cast<std::size_t>(part.from.data() - data.data());
    out.replace(offset, part.from.size(), part.to);
  }
  return "data: " + out + "\n\n";
}

/// One leg of the answer: what one upstream sends, from the first or from where another broke off.
class Leg {
 public:
  explicit Leg(Transcript& transcript) : transcript_(transcript) {}
  Leg(Transcript& transcript, std::string sent) : transcript_(transcript) {
    joiner_.emplace(std::move(sent));
  }

  /// Appends what the client gets. Error: the stream told one, or does not fit to what was sent.
  Result<void> feed(std::string_view bytes, Counts& counts, std::string& out) {
    events_.clear();
    cutter_.feed(bytes, events_);
    for (const std::string_view event : events_) {
      if (Result<void> taken = take(event, counts, out); !taken) return taken;
    }
    return {};
  }

 private:
  Result<void> take(std::string_view event, Counts& counts, std::string& out) {
    const EventText text(event);
    const EventMeaning meaning = meaning_of(text.name(), text.data(), EventShape::chat);
    if (meaning.is_malformed) {
      ++counts.skipped_events;
      return {};
    }
    if (meaning.error) {
      return fail(upstream_error(ErrorCode::upstream_status,
                                 "The upstream sent an error in its stream: " + *meaning.error));
    }
    if (joiner_) return take_joined(text.data(), meaning, out);
    transcript_.note(meaning);
    out.append(event);
    return {};
  }

  Result<void> take_joined(std::string_view data, const EventMeaning& meaning, std::string& out) {
    if (meaning.is_empty) return {};
    Result<std::string> text = joiner_->feed(meaning.text);
    if (text && meaning.is_finish) {
      Result<std::string> last = joiner_->finish();
      if (last) *text += *last;
      if (!last) text = std::move(last);
    }
    if (!text) return std::unexpected(std::move(text.error()));
    // A finish reason must not wait behind text that was held back until it came.
    if (!text->empty() && meaning.content.empty()) out += text_event(*text);
    const bool has_more = meaning.is_finish || meaning.is_done || !meaning.is_semantic;
    EventMeaning noted = meaning;
    noted.text = *text;
    if (!text->empty() || has_more || !meaning.is_plain) {
      const bool is_role_only = !meaning.is_semantic && !meaning.id.empty() && !is_usage(data);
      if (meaning.is_done && data == "[DONE]") {
        out += "data: [DONE]\n\n";
      } else if (!is_role_only) {
        out += rewritten(data, meaning, *text, transcript_.id());
      }
    }
    transcript_.note(noted);
    return {};
  }

  static bool is_usage(std::string_view data) {
    const auto members = json::scan_object(data);
    if (!members) return false;
    const json::Member* const usage = json::find(*members, "usage");
    return usage != nullptr && usage->is_object();
  }

  std::string text_event(std::string_view text) const {
    const std::string id = transcript_.id().empty() ? "\"\"" : transcript_.id();
    return R"(data: {"id":)" + id +
           R"(,"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":)" +
           json::quote(text) + R"(},"finish_reason":null}]})" + "\n\n";
  }

  Transcript& transcript_;
  EventCutter cutter_;
  std::vector<std::string_view> events_;
  std::optional<Joiner> joiner_;
};

/// Whoever of the rest can go on. Takes the leaves that were asked out of `recovery.rest`.
class NextLeg {
 public:
  // NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting stream's
  static Task<Stream<Chunk>> find(Recovery& recovery, std::string text) {
    while (!recovery.rest.empty()) {
      const exchange::PlanNode& leaf = *recovery.rest.front();
      recovery.rest.erase(recovery.rest.begin());
      const Result<std::string> upstream = recovery.caller->upstream_of(leaf);
      if (!upstream) continue;
      const MonotonicTime now = async::Loop::current().now();
      if (recovery.health->is_open(*upstream, now) && !recovery.rest.empty()) continue;
      Result<attempt::AnswerPtr> answer = co_await as_result(ask(recovery, leaf, text));
      if (answer) co_return std::move((*answer)->body);
      const Judgement judged = recovery.caller->judge(answer.error());
      if (judged.kind == FailureKind::ordinary && judged.status < 500) continue;
      recovery.health->record_failure(*upstream, leaf.breaker, async::Loop::current().now());
    }
    co_return fail(upstream_error(ErrorCode::upstream_cut, "No target could go on."));
  }

 private:
  // NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting stream's
  static Task<attempt::AnswerPtr> ask(Recovery& recovery, const exchange::PlanNode& leaf,
                                      std::string text) {
    CallTerms terms;
    terms.reason = "continue";
    const bool prefills = recovery.caller->takes_prefill(leaf) && !text.empty();
    // Nothing was said yet: then the request can go as it was.
    if (!text.empty()) {
      terms.continuation = {text, prefills ? ContinueBy::prefill : ContinueBy::asking};
    }
    Result<attempt::AnswerPtr> answer = co_await as_result(ask_once(recovery, leaf, terms));
    const bool is_refused = !answer && answer.error()->upstream &&
                            answer.error()->upstream->status >= 400 &&
                            answer.error()->upstream->status < 500;
    if (prefills && is_refused) {
      terms.reason = "restart";
      terms.continuation->by = ContinueBy::asking;
      answer = co_await as_result(ask_once(recovery, leaf, terms));
    }
    co_return std::move(answer);
  }

  // NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting stream's
  static Task<attempt::AnswerPtr> ask_once(Recovery& recovery, const exchange::PlanNode& leaf,
                                           CallTerms terms) {
    attempt::AnswerPtr answer = co_await recovery.caller->call(leaf, std::move(terms));
    co_return co_await committed(std::move(answer), EventShape::chat);
  }
};

Error stalled() {
  return upstream_error(ErrorCode::request_timeout,
                        "The upstream fell silent in the middle of its answer.");
}

}  // namespace

Stream<Chunk> recover_stream(Stream<Chunk> body, std::unique_ptr<Recovery> recovery) {
  Transcript transcript;
  async::TimedStream<Chunk> timed(std::move(body));
  auto leg = std::make_unique<Leg>(transcript);
  for (;;) {
    Result<Chunk*> next = co_await as_result(timed.next(recovery->stall, stalled()));
    std::string out;
    Result<void> fed;
    const bool has_chunk = next && *next != nullptr;
    if (has_chunk) fed = leg->feed((*next)->view(), *recovery->counts, out);
    if (!out.empty()) co_yield async::make_chunk(std::move(out));
    if (has_chunk && fed) continue;
    if (transcript.is_finished()) {
      // The answer is whole, however its last bytes went.
      if (!transcript.is_done()) co_yield async::make_chunk("data: [DONE]\n\n");
      co_return;
    }
    Error broken = upstream_error(ErrorCode::upstream_cut,
                                  "The upstream ended its stream before its answer was whole.");
    if (!next) broken = std::move(*next.error());
    if (!fed) broken = std::move(*fed.error());
    if (!transcript.can_be_continued()) co_await Result<void>(fail(broken));
    Result<Stream<Chunk>> taken_up =
        co_await as_result(NextLeg::find(*recovery, transcript.text()));
    if (!taken_up) co_await Result<void>(fail(broken));
    ++recovery->counts->seams;
    timed.replace(std::move(*taken_up));
    leg = std::make_unique<Leg>(transcript, transcript.text());
  }
}

}  // namespace gatehouse::routing
