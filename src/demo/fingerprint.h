// Numbers that follow from a text: the demo's substitute for chance.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::demo {

/// FNV-1a, 64 bits.
constexpr std::uint64_t hash_of(std::string_view text, std::uint64_t seed = 0xcbf29ce484222325ULL) {
  std::uint64_t hash = seed;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

/// `prefix` and sixteen hexadecimal digits: an id that is the same for the same text.
std::string id_of(std::string_view prefix, std::string_view text);

/// RFC 4648, with padding.
std::string base64_of(std::string_view bytes);

}  // namespace gatehouse::demo
