// Looking for two kinds of bytes in one text, by turns, where many of them stand near each other.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "base/bytes64.h"

namespace gatehouse {

/// Keeps where both kinds stand in the sixty-four bytes looked at last, so that the next one is
/// mostly found without looking again. A kind has a function `marks` from bytes to their marks,
/// always inlined. Not thread-safe; the text must stay. Not a byte outside of it is read.
template <class First, class Second, Registers kRegisters = Registers::widest>
class MarkedText {
 public:
  explicit MarkedText(std::string_view text) : text_(text) {}

  /// Where the first byte of this kind stands, from `from` on; the text's size if there is none.
  /// `from` may not lie before where an earlier search began.
  template <class Kind>
  std::size_t find(std::size_t from) {
    if (from - begin_ < kBytes) {
      const std::uint64_t found = bits_of<Kind>() >> (from - begin_);
      if (found != 0) return from + static_cast<std::size_t>(std::countr_zero(found));
      from = begin_ + kBytes;
    }
    return find_further<Kind>(from);
  }

  /// Whether all bytes from where a search began to where it ended are ASCII, for all searches. A
  /// byte behind them may have been looked at too.
  bool is_ascii() const { return is_ascii_; }

 private:
  static constexpr std::size_t kBytes = Bytes64::kSize;

  template <class Kind>
  std::uint64_t& bits_of() {
    if constexpr (std::is_same_v<Kind, First>) {
      return first_;
    } else {
      return second_;
    }
  }

  template <class Kind>
  [[gnu::noinline]] std::size_t find_further(std::size_t from) {
    if (text_.size() < kBytes) return look_at_short_text<Kind>(from);
    return with_wide_registers<kRegisters>(
        [this, from] [[gnu::always_inline]] () { return look<Kind>(from); });
  }

  template <class Kind>
  [[gnu::always_inline]] std::size_t look(std::size_t from) {
    const std::size_t size = text_.size();
    Bytes64 seen;
    Bytes64 bytes;
    std::size_t begin = from;
    bool is_found = false;
    while (begin + kBytes <= size) {
      bytes = Bytes64::at(text_.data() + begin);
      seen = seen | bytes;
      is_found = Kind::marks(bytes).has_top_bits();
      if (is_found) break;
      begin += kBytes;
    }
    if (!is_found && begin < size) {  // once more the last bytes that fill a block
      begin = size - kBytes;
      bytes = Bytes64::at(text_.data() + begin);
      seen = seen | bytes;
    }
    if (seen.has_top_bits()) is_ascii_ = false;
    if (begin >= size) return size;
    keep(bytes, begin);
    from = std::max(from, begin);
    const std::uint64_t found = bits_of<Kind>() >> (from - begin);
    return found == 0 ? size : from + static_cast<std::size_t>(std::countr_zero(found));
  }

  template <class Kind>
  [[gnu::noinline]] std::size_t look_at_short_text(std::size_t from) {
    if (from >= text_.size()) return text_.size();
    std::array<char, kBytes> copy{};
    std::memcpy(copy.data(), text_.data() + from, text_.size() - from);
    const Bytes64 bytes = Bytes64::at(copy.data());
    if (bytes.has_top_bits()) is_ascii_ = false;
    keep(bytes, from);
    const std::uint64_t inside = (std::uint64_t{1} << (text_.size() - from)) - 1;
    first_ &= inside;
    second_ &= inside;
    const std::uint64_t found = bits_of<Kind>();
    if (found == 0) return text_.size();
    return from + static_cast<std::size_t>(std::countr_zero(found));
  }

  [[gnu::always_inline]] void keep(const Bytes64& bytes, std::size_t from) {
    first_ = First::marks(bytes).top_bits();
    begin_ = from;
    second_ = Second::marks(bytes).top_bits();
  }

  std::string_view text_;
  std::uint64_t first_ = 0;
  std::size_t begin_ = std::size_t{0} - kBytes;  // where the bytes begin whose bits are kept
  std::uint64_t second_ = 0;
  bool is_ascii_ = true;
};

}  // namespace gatehouse
