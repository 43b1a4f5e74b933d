#include "base/ids.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace gatehouse {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kUuidLength = 36;

/// The two digits of every byte.
constexpr auto kDigits = [] {
  std::array<std::array<char, 2>, 256> digits{};
  for (std::size_t byte = 0; byte < digits.size(); ++byte) {
    digits[byte] = {kHex[byte >> 4U], kHex[byte & 0xFU]};
  }
  return digits;
}();

/// The lowest bytes of `bits`, the highest of them first.
char* append_hex(std::uint64_t bits, unsigned bytes, char* at) {
  for (; bytes > 0; --bytes)
    at = std::ranges::copy(kDigits[bits >> 8 * (bytes - 1) & 0xFFU], at).out;
  return at;
}

/// The value of a lower-case digit by its character; -1 for what is none.
constexpr std::array<std::int8_t, 256> kValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kHex.size(); ++i) {
    values[static_cast<unsigned char>(kHex[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}();

/// Of a few digits; -1 if one of them is none.
long long number_of_hex(std::string_view digits) {
  long long number = 0;
  int signs = 0;
  for (const char c : digits) {
    const int digit = kValues[static_cast<unsigned char>(c)];
    signs |= digit;
    number = number << 4U | digit;
  }
  return signs < 0 ? -1 : number;
}

std::string format_uuid(std::uint64_t high, std::uint64_t low) {
  std::string text(kUuidLength, '-');
  char* at = append_hex(high >> 32U, 4, text.data());
  at = append_hex(high >> 16U, 2, at + 1);
  at = append_hex(high, 2, at + 1);
  at = append_hex(low >> 48U, 2, at + 1);
  append_hex(low, 6, at + 1);
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
  if (id.size() != kUuidLength || id[8] != '-' || id[14] != '7') return -1;
  const long long high = number_of_hex(id.substr(0, 8));
  const long long low = number_of_hex(id.substr(9, 4));
  return high < 0 || low < 0 ? -1 : high << 16U | low;
}

}  // namespace gatehouse
