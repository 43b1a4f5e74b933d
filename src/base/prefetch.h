// A hint to the processor. It changes no result: what is not there by the time it is used is waited
// for, as without it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gatehouse {

inline constexpr std::size_t kCacheLine = 64;

/// Begins to load `size` bytes, which will soon be read. The address is a number, since it may be
/// any, also that of nothing.
inline void prefetch(std::uintptr_t begin, std::size_t size) {
  for (std::size_t at = 0; at < size; at += kCacheLine) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): nobody looks at what is there
    __builtin_prefetch(reinterpret_cast<const void*>(begin + at));
  }
}

}  // namespace gatehouse
