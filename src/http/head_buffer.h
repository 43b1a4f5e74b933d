// Where the head of a message is gathered, and what came behind it is kept for its body.
#pragma once

#include <algorithm>
#include <string_view>

#include "async/block.h"
#include "async/socket.h"

namespace gatehouse::http {

/// One block in which a head grows until its empty line is there:
///
///     while (!buffer.has_head()) {
///       if (buffer.is_full()) ...                  // no head is that long
///       const std::size_t got = co_await buffer.fill(socket, timeout);
///       if (got == 0) ...                          // the other end has closed
///       buffer.grow(got);
///     }
///
/// Holds no block while it is empty. Stays where it is while fill() runs.
class HeadBuffer {
 public:
  /// What comes behind a head that is read with `ahead` bytes at a time has to be moved to where
  /// its body is wanted: of a long body not much, of a short one all, so that it needs no other
  /// read.
  explicit HeadBuffer(std::size_t limit = async::kBlockSize, std::size_t ahead = async::kBlockSize)
      : limit_(std::min(limit, async::kBlockSize)), ahead_(ahead) {}

  /// Begins with bytes that were read before.
  void start_with(async::Chunk bytes);
  void start_with(std::string_view bytes);

  bool is_empty() const { return filled_ == begin_; }
  bool is_full() const { return filled_ - begin_ >= limit_ || filled_ == async::kBlockSize; }
  bool has_head() const { return head_size_ > 0; }
  std::size_t limit() const { return limit_; }
  /// Whether the head, which is there, is longer than it may be.
  bool is_too_long() const { return head_size_ > limit_; }

  async::detail::SocketRead fill(async::Socket& socket, async::Timeout timeout) {
    return socket.fill(block_, filled_, timeout, std::min(ahead_, async::kBlockSize - filled_));
  }
  void grow(std::size_t bytes);

  /// The head with its empty line; stays until the bytes behind it are taken and gone.
  std::string_view head() const { return {block_.bytes() + begin_, head_size_}; }
  bool has_rest() const { return filled_ > begin_ + head_size_; }
  /// The bytes behind the head. Empties the buffer.
  async::Chunk take_rest();

 private:
  void look();

  async::Block block_;
  std::size_t limit_;
  std::size_t ahead_;
  std::size_t begin_ = 0;
  std::size_t filled_ = 0;     // where the bytes in the block end
  std::size_t scanned_ = 0;    // of the head
  std::size_t head_size_ = 0;  // 0: not known yet
};

}  // namespace gatehouse::http
