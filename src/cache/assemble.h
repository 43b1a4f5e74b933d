// A whole answer from the deltas of a stream: what is kept is the same whichever way it came.
#pragma once

#include "llm/delta.h"
#include "llm/reply.h"

namespace gatehouse::cache {

/// Feed it every delta of a stream that came to its end, in order, then take the reply. One stream,
/// one thread.
class ReplyBuilder {
 public:
  void add(const llm::Delta& delta);
  /// The bytes of text so far, for whoever wants no more than so many.
  std::size_t size() const { return size_; }
  llm::Reply take() { return std::move(reply_); }

 private:
  llm::Choice& choice(std::int64_t index);

  void add(const llm::Started& started);
  void add(const llm::TextDelta& delta);
  void add(const llm::RefusalDelta& delta);
  void add(const llm::ReasoningDelta& delta);
  void add(const llm::ToolCallStarted& delta);
  void add(const llm::ToolCallArguments& delta);
  void add(const llm::BlockDelta& delta);
  void add(const llm::CitationDelta& delta);
  void add(const llm::Finished& delta);
  void add(const llm::UsageReported& delta) { reply_.usage = delta.usage; }
  void add(const llm::KeepAlive& /*delta*/) {}

  /// Where the last block of a choice came from: text goes on in it or begins a new one.
  struct Open {
    std::int64_t choice = 0;
    std::int64_t block = 0;
  };
  llm::Reply reply_;
  std::vector<Open> open_;
  std::size_t size_ = 0;
};

}  // namespace gatehouse::cache
