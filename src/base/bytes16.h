// Sixteen bytes looked at together: with SSE2, which every x86-64 machine has, or one by one. What
// is looked for is said once, for both, as a function from sixteen bytes to their marks.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace gatehouse {

/// Sixteen bytes, or a mark for each of them: 0xFF if it is one of those meant, else 0.
class PlainBytes16 {
 public:
  /// The sixteen bytes that stand there. All of them are read.
  static PlainBytes16 at(const char* text) {
    PlainBytes16 loaded;
    std::memcpy(loaded.bytes_.data(), text, loaded.bytes_.size());
    return loaded;
  }
  /// The same byte sixteen times.
  static PlainBytes16 all(std::uint8_t byte) {
    PlainBytes16 filled;
    filled.bytes_.fill(byte);
    return filled;
  }
  /// The bytes of both, as they stand in memory.
  static PlainBytes16 of(std::uint64_t first, std::uint64_t second) {
    PlainBytes16 joined;
    std::memcpy(joined.bytes_.data(), &first, sizeof first);
    std::memcpy(joined.bytes_.data() + sizeof first, &second, sizeof second);
    return joined;
  }

  /// Marks the bytes that are `c`.
  PlainBytes16 equal(char c) const {
    return each([c](std::uint8_t byte) { return mark(byte == static_cast<std::uint8_t>(c)); });
  }
  /// Marks the bytes that are those of the other in the same place.
  PlainBytes16 equal(PlainBytes16 other) const {
    for (std::size_t i = 0; i < bytes_.size(); ++i)
      other.bytes_[i] = mark(other.bytes_[i] == bytes_[i]);
    return other;
  }
  /// Marks the bytes from `low` to `high`, both of them meant too.
  PlainBytes16 between(std::uint8_t low, std::uint8_t high) const {
    return each([=](std::uint8_t byte) { return mark(byte >= low && byte <= high); });
  }
  /// The bytes with these bits set in all of them.
  PlainBytes16 with_bits(std::uint8_t bits) const {
    return each([bits](std::uint8_t byte) { return static_cast<std::uint8_t>(byte | bits); });
  }
  /// What is marked, without what is marked there.
  PlainBytes16 without(PlainBytes16 other) const {
    PlainBytes16 both;
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      both.bytes_[i] = static_cast<std::uint8_t>(bytes_[i] & ~other.bytes_[i]);
    }
    return both;
  }
  /// Marks what is not marked.
  PlainBytes16 unmarked() const { return equal(0); }
  PlainBytes16 operator|(PlainBytes16 other) const {
    for (std::size_t i = 0; i < bytes_.size(); ++i) other.bytes_[i] |= bytes_[i];
    return other;
  }
  PlainBytes16 operator&(PlainBytes16 other) const {
    for (std::size_t i = 0; i < bytes_.size(); ++i) other.bytes_[i] &= bytes_[i];
    return other;
  }
  /// The topmost bit of each byte, the first byte's lowest: the marked ones, or those beyond ASCII.
  std::uint32_t top_bits() const {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < bytes_.size(); ++i) bits |= (bytes_[i] >> 7U) * (1U << i);
    return bits;
  }

 private:
  static std::uint8_t mark(bool is_meant) { return is_meant ? 0xFF : 0; }
  template <class Change>
  PlainBytes16 each(Change change) const {
    PlainBytes16 changed;
    std::ranges::transform(bytes_, changed.bytes_.begin(), change);
    return changed;
  }

  std::array<std::uint8_t, 16> bytes_{};
};

#if defined(__SSE2__)
/// The same in one register.
class SseBytes16 {
 public:
  static SseBytes16 at(const char* text) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  }
  static SseBytes16 all(std::uint8_t byte) { return _mm_set1_epi8(static_cast<char>(byte)); }
  static SseBytes16 of(std::uint64_t first, std::uint64_t second) {
    return _mm_set_epi64x(static_cast<long long>(second), static_cast<long long>(first));
  }

  SseBytes16 equal(char c) const { return _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c)); }
  SseBytes16 equal(SseBytes16 other) const { return _mm_cmpeq_epi8(bytes_, other.bytes_); }
  SseBytes16 between(std::uint8_t low, std::uint8_t high) const {
    const __m128i above = _mm_sub_epi8(bytes_, _mm_set1_epi8(static_cast<char>(low)));
    const __m128i width = _mm_set1_epi8(static_cast<char>(high - low));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, width), above);
  }
  SseBytes16 with_bits(std::uint8_t bits) const {
    return _mm_or_si128(bytes_, _mm_set1_epi8(static_cast<char>(bits)));
  }
  SseBytes16 without(SseBytes16 other) const { return _mm_andnot_si128(other.bytes_, bytes_); }
  SseBytes16 unmarked() const { return equal(0); }
  SseBytes16 operator|(SseBytes16 other) const { return _mm_or_si128(bytes_, other.bytes_); }
  SseBytes16 operator&(SseBytes16 other) const { return _mm_and_si128(bytes_, other.bytes_); }
  std::uint32_t top_bits() const { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes_)); }

 private:
  SseBytes16(__m128i bytes) : bytes_(bytes) {}
  __m128i bytes_;
};
using Bytes16 = SseBytes16;
#else
using Bytes16 = PlainBytes16;
#endif

namespace detail {
/// From where no whole block is left.
template <class Block, class Marks>
[[gnu::noinline]] std::size_t find_at_end(std::string_view text, std::size_t from,
                                          const Marks& marks) {
  constexpr std::size_t kBlock = 16;
  const std::size_t size = text.size();
  if (from == size) return size;
  const std::size_t rest = size - from;
  std::uint32_t found = 0;
  if (size >= kBlock) {  // once more the last bytes that fill a block
    found = marks(Block::at(text.data() + size - kBlock)).top_bits() >> (kBlock - rest);
  } else {
    std::array<char, kBlock> copy{};
    std::memcpy(copy.data(), text.data() + from, rest);
    found = marks(Block::at(copy.data())).top_bits();
  }
  return std::min(size, from + static_cast<std::size_t>(std::countr_zero(found)));
}

template <class Block, class Marks>
[[gnu::noinline]] std::size_t find_further(std::string_view text, std::size_t from,
                                           const Marks& marks) {
  constexpr std::size_t kBlock = 16;
  for (; text.size() - from >= 4 * kBlock; from += 4 * kBlock) {
    const char* const at = text.data() + from;
    const Block found = marks(Block::at(at)) | marks(Block::at(at + kBlock)) |
                        marks(Block::at(at + 2 * kBlock)) | marks(Block::at(at + 3 * kBlock));
    if (found.top_bits() != 0) break;
  }
  for (; text.size() - from >= kBlock; from += kBlock) {
    const std::uint32_t found = marks(Block::at(text.data() + from)).top_bits();
    if (found != 0) return from + static_cast<std::size_t>(std::countr_zero(found));
  }
  return find_at_end<Block>(text, from, marks);
}
}  // namespace detail

/// Where the first byte stands, from `from` on, that `marks` marks; text.size() if there is none.
/// Quickest where it is near. Not a byte outside of the text is read, but `marks` may be given
/// bytes from before `from` too.
template <class Block = Bytes16, class Marks>
inline std::size_t find_byte(std::string_view text, std::size_t from, const Marks& marks) {
  constexpr std::size_t kBlock = 16;
  if (text.size() - from < kBlock) return detail::find_at_end<Block>(text, from, marks);
  const std::uint32_t found = marks(Block::at(text.data() + from)).top_bits();
  if (found != 0) return from + static_cast<std::size_t>(std::countr_zero(found));
  return detail::find_further<Block>(text, from + kBlock, marks);
}

}  // namespace gatehouse
