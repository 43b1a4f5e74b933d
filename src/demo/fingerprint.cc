#include "demo/fingerprint.h"

namespace gatehouse::demo {

std::string id_of(std::string_view prefix, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string id(prefix);
  const std::uint64_t hash = hash_of(text);
  for (unsigned shift = 64; shift > 0; shift -= 4) id += kHex[(hash >> (shift - 4)) & 0xFU];
  return id;
}

std::string base64_of(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = (bits << 8U) | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t digit = (bits >> (18 - 6 * i)) & 0x3FU;
      out += i <= group.size() ? kDigits[digit] : '=';
    }
  }
  return out;
}

}  // namespace gatehouse::demo
