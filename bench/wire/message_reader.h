// Reads HTTP/1.1 messages (RFC 9112) from a connection, as far as the bench tools need it: both
// ends are ours or well-behaved, so a message that is odd is reported as broken and never repaired.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::bench {

enum class MessageKind : unsigned char { request, response };

/// Decodes a chunked body piece by piece. Extensions and trailer fields are skipped.
class ChunkedReader {
 public:
  enum class State : unsigned char { size, content, content_end, trailer, complete, broken };

  /// Appends what `bytes` hold of the body to `payload`; returns how many bytes it took, which is
  /// fewer than all only where the body ends or is broken.
  std::size_t take(std::string_view bytes, std::string& payload);

  State state() const { return state_; }

 private:
  std::size_t take_line(std::string_view bytes);
  std::size_t take_content(std::string_view bytes, std::string& payload);
  void close_line();

  State state_ = State::size;
  std::string line_;
  std::size_t missing_ = 0;
};

/// One connection's worth of messages, one after the other.
///
/// Use: feed() what was read until it says `complete`; look at first_line() and payload(); next();
/// and, if has_more(), feed("") for a message that came along. All views die with the next call
/// that is not const. Not thread-safe.
class MessageReader {
 public:
  enum class Progress : unsigned char { needs_more, complete, broken };

  explicit MessageReader(MessageKind kind) : kind_(kind) {}

  Progress feed(std::string_view bytes);
  /// The peer closed: that completes a response that has neither a length nor chunks.
  Progress close();
  /// Forgets the message that is complete and keeps what came after it.
  void next();

  bool has_more() const { return !buffer_.empty(); }
  bool has_head() const { return head_.has_value(); }
  /// "POST /v1/chat/completions HTTP/1.1", or "HTTP/1.1 200 OK".
  std::string_view first_line() const;
  /// What came of the body so far.
  std::string_view payload() const;

 private:
  struct Head {
    std::size_t first_line_size = 0;
    std::size_t size = 0;
    std::optional<std::size_t> content_length;
    bool is_chunked = false;
  };

  static std::optional<Head> parse_head(std::string_view text);
  Progress read_head();
  Progress read_body();
  bool lasts_until_close() const;

  MessageKind kind_;
  std::string buffer_;
  std::optional<Head> head_;
  ChunkedReader chunks_;
  std::string chunked_payload_;
  std::size_t used_ = 0;  // of buffer_, by the head and by chunks that are decoded
};

}  // namespace gatehouse::bench
