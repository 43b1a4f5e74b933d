// A streamed answer, as a range to iterate over.
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>

#include "gatehouse/export.h"
#include "gatehouse/response.h"

namespace gatehouse::client {

/// The pieces of one answer, in an input range (C++20, [range.range]):
///
///     ChatStream answer = llm.stream("Tell me a story.");
///     for (const ChatDelta& delta : answer) std::fputs(delta.text.c_str(), stdout);
///     const LLMResponse& whole = answer.response();
///
/// Pieces are read from the network as they are asked for, with a few read ahead. Destroying it
/// before its end closes the connection, so the gateway stops too. Movable; one thread at a time.
class GATEHOUSE_CLIENT_API ChatStream {
 public:
  class Front;
  class Iterator;

  /// For the library alone.
  explicit ChatStream(std::unique_ptr<Front> front);
  ChatStream(ChatStream&&) noexcept;
  ChatStream& operator=(ChatStream&&) noexcept;
  ~ChatStream();

  /// The next piece, or nullptr at the end; valid until the next call. Waits for it. Error: throws
  /// a ClientError; after one that came in the middle, response() has what was read before it.
  const ChatDelta* next();

  /// Reads on: begin() takes the first piece that was not taken yet.
  Iterator begin();
  static std::default_sentinel_t end() { return {}; }

  /// What has been read so far, put together; at the end, the whole answer.
  const LLMResponse& response() const;

 private:
  std::unique_ptr<Front> front_;
};

/// Input iterator over a ChatStream; all copies read the same stream.
class ChatStream::Iterator {
 public:
  using value_type = ChatDelta;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::input_iterator_tag;

  /// At no stream; equal to the end.
  Iterator() = default;
  /// At the next piece of the stream, which must outlive it.
  explicit Iterator(ChatStream& stream) : stream_(&stream), delta_(stream.next()) {}
  const ChatDelta& operator*() const { return *delta_; }
  const ChatDelta* operator->() const { return delta_; }
  Iterator& operator++() {
    delta_ = stream_->next();
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const Iterator& at, std::default_sentinel_t) { return !at.delta_; }

 private:
  ChatStream* stream_ = nullptr;
  const ChatDelta* delta_ = nullptr;
};

inline ChatStream::Iterator ChatStream::begin() { return Iterator(*this); }

}  // namespace gatehouse::client
