// What two texts have in common at their beginnings, many bytes at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes16.h"

namespace gatehouse {

namespace detail {
constexpr std::size_t kCompared = 16;
constexpr std::uint32_t kAllSame = 0xFFFF;

/// Marks in sixteen bits which of the bytes are the same.
inline std::uint32_t same_bytes(const char* a, const char* b) {
  return Bytes16::at(a).equal(Bytes16::at(b)).top_bits();
}

/// Whether sixty-four bytes are the same.
inline bool are_same(const char* a, const char* b) {
  const auto same = [a, b](std::size_t at) {
    return Bytes16::at(a + at).equal(Bytes16::at(b + at));
  };
  return (same(0) & same(16) & same(32) & same(48)).top_bits() == kAllSame;
}
}  // namespace detail

/// How many bytes at their beginnings are the same.
inline std::size_t common_front(std::string_view a, std::string_view b) {
  using namespace detail;
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t count = 0;
  while (most - count >= 4 * kCompared && are_same(a.data() + count, b.data() + count)) {
    count += 4 * kCompared;
  }
  for (; most - count >= kCompared; count += kCompared) {
    const std::uint32_t marks = same_bytes(a.data() + count, b.data() + count);
    if (marks != kAllSame) return count + static_cast<std::size_t>(std::countr_one(marks));
  }
  if (count > 0) {  // once more the last bytes that fill a block
    const std::size_t from = most - kCompared;
    return from +
           static_cast<std::size_t>(std::countr_one(same_bytes(a.data() + from, b.data() + from)));
  }
  while (count < most && a[count] == b[count]) ++count;
  return count;
}

}  // namespace gatehouse
