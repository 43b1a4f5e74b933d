#include "base/ids.h"

#include <array>
#include <cstdint>

namespace gatehouse {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kUuidLength = 36;

std::string format_uuid(std::uint64_t high, std::uint64_t low) {
  std::string text(kUuidLength, '-');
  std::size_t at = 0;
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (at == 8 || at == 13 || at == 18 || at == 23) ++at;
    const std::uint64_t half = nibble < 16 ? high : low;
    text[at++] = kHex[(half >> (60U - 4U * static_cast<unsigned>(nibble % 16))) & 0xFU];
  }
  return text;
}

constexpr std::uint64_t kVariantMask = 0x3fffffffffffffffU;
constexpr std::uint64_t kVariant = 0x8000000000000000U;

}  // namespace

std::string make_uuid4(Random& random) {
  const std::uint64_t high = (random.bits() & 0xffffffffffff0fffU) | 0x4000U;
  return format_uuid(high, (random.bits() & kVariantMask) | kVariant);
}

std::string make_uuid7(WallTime now, Random& random) {
  const auto micros = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t millis = micros / 1000;
  // The 12 bits after the version hold the sub-millisecond part (RFC 9562 section 6.2, method 3).
  const std::uint64_t fraction = (micros % 1000) * 4096 / 1000;
  const std::uint64_t high = (millis << 16U) | 0x7000U | fraction;
  return format_uuid(high, (random.bits() & kVariantMask) | kVariant);
}

long long millis_of_uuid7(std::string_view id) {
  if (id.size() != kUuidLength || id[14] != '7') return -1;
  long long millis = 0;
  for (const char c : id.substr(0, 13)) {
    if (c == '-') continue;
    const std::size_t digit = kHex.find(c);
    if (digit == std::string_view::npos) return -1;
    millis = millis * 16 + static_cast<long long>(digit);
  }
  return millis;
}

}  // namespace gatehouse
