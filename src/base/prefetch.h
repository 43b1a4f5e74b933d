// Hints to the processor. They change no result: what is not there by the time it is used is waited
// for, as without them.
#pragma once

#include <cstddef>

namespace gatehouse {

inline constexpr std::size_t kCacheLine = 64;

/// Begins to load `size` bytes, which will soon be read. The address may be any, also none.
inline void prefetch(const void* begin, std::size_t size) {
  const char* const bytes = static_cast<const char*>(begin);
  for (std::size_t at = 0; at < size; at += kCacheLine) __builtin_prefetch(bytes + at);
}

/// The same for an object that will soon be filled in.
template <class T>
void prefetch_to_write(const T* object) {
  const char* const bytes = reinterpret_cast<const char*>(object);
  for (std::size_t at = 0; at < sizeof(T); at += kCacheLine) __builtin_prefetch(bytes + at, 1);
}

}  // namespace gatehouse
