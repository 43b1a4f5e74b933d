// Sixty-four bytes looked at together, in the widest registers that the machine turns out to have:
// code that uses them is a template which is compiled twice, once for every x86-64 machine and once
// for those with AVX2. Whatever takes or gives such bytes must be inlined, since between functions
// they would go in other registers on one machine than on the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace gatehouse {

/// Sixty-four bytes, or a mark for each of them: 0xFF if it is one of those meant, else 0.
class Bytes64 {
 public:
  static constexpr std::size_t kSize = 64;

  [[gnu::always_inline]] static Bytes64 at(const char* text) {
    Bytes64 loaded;
    std::memcpy(&loaded.bytes_, text, kSize);
    return loaded;
  }

  /// Marks the bytes that are `c`.
  [[gnu::always_inline]] Bytes64 equal(char c) const {
    Bytes64 marked;
    marked.bytes_ = Vector(bytes_ == Vector{} + static_cast<std::uint8_t>(c));
    return marked;
  }
  /// Marks the bytes from `low` to `high`, both of them meant too.
  [[gnu::always_inline]] Bytes64 between(std::uint8_t low, std::uint8_t high) const {
    Bytes64 marked;
    marked.bytes_ =
        Vector(bytes_ - (Vector{} + low) <= Vector{} + static_cast<std::uint8_t>(high - low));
    return marked;
  }
  /// The bytes with these bits set in all of them.
  [[gnu::always_inline]] Bytes64 with_bits(std::uint8_t bits) const {
    Bytes64 changed;
    changed.bytes_ = bytes_ | (Vector{} + bits);
    return changed;
  }
  /// What is marked, without what is marked there.
  [[gnu::always_inline]] Bytes64 without(const Bytes64& other) const {
    Bytes64 both;
    both.bytes_ = bytes_ & ~other.bytes_;
    return both;
  }
  /// Marks what is not marked.
  [[gnu::always_inline]] Bytes64 unmarked() const {
    Bytes64 changed;
    changed.bytes_ = ~bytes_;
    return changed;
  }
  [[gnu::always_inline]] Bytes64 operator|(const Bytes64& other) const {
    Bytes64 both;
    both.bytes_ = bytes_ | other.bytes_;
    return both;
  }
  [[gnu::always_inline]] Bytes64 operator&(const Bytes64& other) const {
    Bytes64 both;
    both.bytes_ = bytes_ & other.bytes_;
    return both;
  }

#if defined(__SSE2__)
  /// The topmost bit of each byte, the first byte's lowest: the marked ones, or those beyond ASCII.
  [[gnu::always_inline]] std::uint64_t top_bits() const {
    Quarters parts;
    std::memcpy(&parts, &bytes_, kSize);
    const std::uint64_t low = bits_of(parts.first) | bits_of(parts.second) << 16U;
    return low | (bits_of(parts.third) | bits_of(parts.fourth) << 16U) << 32U;
  }
  [[gnu::always_inline]] bool has_top_bits() const {
    Halves halves;
    std::memcpy(&halves, &bytes_, kSize);
    halves.first |= halves.second;
    Pair parts;
    std::memcpy(&parts, &halves.first, sizeof parts);
    return _mm_movemask_epi8(_mm_or_si128(parts.first, parts.second)) != 0;
  }
#else
  [[gnu::always_inline]] std::uint64_t top_bits() const {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < kSize; ++i)
      bits |= static_cast<std::uint64_t>(bytes_[i] >> 7U) << i;
    return bits;
  }
  [[gnu::always_inline]] bool has_top_bits() const { return top_bits() != 0; }
#endif

 private:
  using Vector [[gnu::vector_size(kSize)]] = std::uint8_t;
#if defined(__SSE2__)
  using Half [[gnu::vector_size(kSize / 2)]] = std::uint8_t;
  struct Halves {
    Half first, second;
  };
  struct Pair {
    __m128i first, second;
  };
  struct Quarters {
    __m128i first, second, third, fourth;
  };
  [[gnu::always_inline]] static std::uint64_t bits_of(__m128i bytes) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
  }
#endif

  Vector bytes_{};
};

namespace detail {
#if defined(__SSE2__)
template <class Look>
[[gnu::target("avx2"), gnu::noinline]] auto look_widely(const Look& look) {
  return look();
}
#endif
}  // namespace detail

/// Which registers may be used: those of every x86-64 machine, or the widest of this one.
enum class Registers : std::uint8_t { usual, widest };

/// Calls what looks through bytes, compiled for such registers. `look` must be always inlined.
template <Registers kRegisters = Registers::widest, class Look>
[[gnu::always_inline]] inline auto with_wide_registers(const Look& look) {
#if defined(__SSE2__)
  if (kRegisters == Registers::widest && __builtin_cpu_supports("avx2"))
    return detail::look_widely(look);
#endif
  return look();
}

}  // namespace gatehouse
