#include "gateway/record_answer.h"

#include <utility>

#include "http/content_coding.h"
#include "usage/meter.h"

namespace gatehouse::gateway {

using http::Chunk;
using http::Stream;

namespace {

/// Travels in the answer's stream; what it has seen is settled once, at the latest when it goes.
class Recorder {
 public:
  Recorder(RecordTerms terms, std::unique_ptr<AnswerCollector> collector)
      : terms_(std::move(terms)), collector_(std::move(collector)) {}
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  // The client has left. If it had its whole answer, as those do that wait for no closing mark, it
  // is kept; otherwise the lead goes to the next in the queue, by its own destructor.
  ~Recorder() {
    if (collector_ && terms_.form->is_stream()) keep(StreamEnd::left);
  }

  void see(std::string_view bytes) {
    if (collector_) collector_->see(bytes);
  }

  void end() {
    if (!collector_) return;
    if (keep(StreamEnd::reached)) return;
    if (terms_.lead) terms_.lead->release();
  }

  void fail() {
    collector_.reset();
    if (terms_.lead) terms_.lead->fail();
  }

 private:
  bool keep(StreamEnd end) {
    std::optional<std::string> document = std::exchange(collector_, nullptr)->take(end);
    if (!document) return false;
    cache::Entry entry = std::move(terms_.question);
    entry.body = std::move(*document);
    usage::DocumentMeter meter;
    meter.see(entry.body, usage::Part::last);
    const usage::Findings& found = meter.findings();
    entry.told = cache::Told{found.model, found.finish_reason, found.usage};
    entry.created = terms_.cache.clock().wall();
    entry.expires = entry.created + terms_.max_age;
    const auto kept = std::make_shared<const cache::Entry>(std::move(entry));
    terms_.cache.keep(terms_.key, kept);
    if (terms_.lead) terms_.lead->land({kept, exchange::CacheStatus::hit});
    return true;
  }

  RecordTerms terms_;
  std::unique_ptr<AnswerCollector> collector_;  // null: settled
};

// The recorder is a parameter: a stream that is never read still settles.
Stream<Chunk> watched(Stream<Chunk> in, std::unique_ptr<Recorder> recorder) {
  for (;;) {
    Result<Chunk*> next = co_await as_result(in.next());
    if (!next) {
      recorder->fail();
      co_await Result<void>(gatehouse::fail(std::move(next.error())));
    }
    Chunk* const chunk = *next;
    if (chunk == nullptr) break;
    recorder->see(chunk->view());
    // Nobody may ask for what comes behind the last one.
    if (chunk->is_last) recorder->end();
    co_yield *chunk;
  }
  recorder->end();
}

}  // namespace

attempt::AnswerPtr recorded(attempt::AnswerPtr answer, RecordTerms terms, std::size_t limit) {
  const auto coding = http::content_coding_of(answer->content_encoding);
  std::unique_ptr<AnswerCollector> collector;
  if (answer->status == 200 && coding) {
    collector = make_collector(*terms.form, answer->content_type, limit);
  }
  if (!collector) {
    if (terms.lead) terms.lead->release();
    return answer;
  }
  if (*coding != http::ContentCoding::identity) {
    answer->body = http::decode_content(std::move(answer->body), *coding);
    answer->content_encoding.clear();
    answer->length.reset();
    answer->is_body_ready = false;
  }
  answer->body = watched(std::move(answer->body),
                         std::make_unique<Recorder>(std::move(terms), std::move(collector)));
  return answer;
}

}  // namespace gatehouse::gateway
