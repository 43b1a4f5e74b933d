// Blocks: pooled read buffers. A block is taken when there is something to read and given back when
// its bytes have been sent, so a stream that waits holds none.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::async {

inline constexpr std::size_t kBlockSize = 64 * 1024;

/// One pooled buffer of kBlockSize bytes. Move-only; goes back to the pool of the thread that frees
/// it.
class Block {
 public:
  Block() = default;
  static Block take();
  /// Frees what this thread's pool keeps.
  static void trim();
  Block(Block&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}
  Block& operator=(Block&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Block() {
    if (bytes_ != nullptr) give_back(bytes_);
  }
  char* bytes() { return bytes_; }
  const char* bytes() const { return bytes_; }
  explicit operator bool() const { return bytes_ != nullptr; }

 private:
  explicit Block(char* bytes) : bytes_(bytes) {}
  static void give_back(char* bytes);
  char* bytes_ = nullptr;
};

/// Bytes on their way: a part of a block, or text that somebody made. Owns what it shows, and of a
/// block all the rest, which may be written over.
struct Chunk {
  Block block;
  // The text, when there is no block; apart, so that a chunk moves cheaply.
  std::unique_ptr<const std::string> made;
  std::size_t offset = 0;  // into the block
  std::size_t size = 0;
  bool is_last = false;  // known to be the end of its body

  std::string_view view() const {
    if (block) return {block.bytes() + offset, size};
    return made ? std::string_view(*made) : std::string_view();
  }
  /// Bytes of the block around the chunk.
  std::size_t room_before() const { return block ? offset : 0; }
  std::size_t room_behind() const { return block ? kBlockSize - offset - size : 0; }
};

inline Chunk make_chunk(std::string text) {
  Chunk chunk;
  chunk.size = text.size();
  chunk.made = std::make_unique<const std::string>(std::move(text));
  return chunk;
}

}  // namespace gatehouse::async
