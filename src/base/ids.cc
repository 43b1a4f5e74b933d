#include "base/ids.h"

#include <algorithm>
#include <bit>
#include <cstring>

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

void write_uuid(std::uint64_t high, std::uint64_t low, std::string& text) {
  text.assign(kUuidLength, '-');
  char* at = append_hex(high >> 32U, 4, text.data());
  at = append_hex(high >> 16U, 2, at + 1);
  at = append_hex(high, 2, at + 1);
  at = append_hex(low >> 48U, 2, at + 1);
  append_hex(low, 6, at + 1);
}

std::string format_uuid(std::uint64_t high, std::uint64_t low) {
  std::string text;
  write_uuid(high, low, text);
  return text;
}

/// The same byte eight times.
constexpr std::uint64_t each_byte(std::uint64_t byte) { return byte * 0x0101010101010101U; }

std::uint64_t big_endian(const void* bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes, sizeof number);
  return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
}

/// The number that eight lower-case digits write, all of them at once; nothing if one is no digit.
std::optional<std::uint64_t> number_of_eight(const char* digits) {
  constexpr unsigned kToDigit = 'a' - '0' - 10;  // how far the letters lie behind the digits
  const std::uint64_t text = big_endian(digits);
  const std::uint64_t is_letter = text >> 6U & each_byte(1);
  const std::uint64_t halves = (text & each_byte(0x0F)) + 9 * is_letter;
  // Written again they must be the same: that refuses all that is no digit.
  const std::uint64_t is_ten_or_more = (halves + each_byte(6)) >> 4U & each_byte(1);
  if (halves + each_byte('0') + kToDigit * is_ten_or_more != text) return std::nullopt;
  const std::uint64_t bytes = (halves >> 4U | halves) & 0x00FF00FF00FF00FFU;
  const std::uint64_t pairs = (bytes >> 8U | bytes) & 0x0000FFFF0000FFFFU;
  return (pairs >> 16U | pairs) & 0xFFFFFFFFU;
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

std::optional<UuidBytes> bytes_of_uuid(std::string_view text) {
  if (text.size() != kUuidLength) return std::nullopt;
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  std::array<char, 32> digits;
  std::memcpy(digits.data(), text.data(), 8);
  std::memcpy(digits.data() + 8, text.data() + 9, 4);
  std::memcpy(digits.data() + 12, text.data() + 14, 4);
  std::memcpy(digits.data() + 16, text.data() + 19, 4);
  std::memcpy(digits.data() + 20, text.data() + 24, 12);
  UuidBytes bytes;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::optional<std::uint64_t> part = number_of_eight(digits.data() + 8 * i);
    if (!part) return std::nullopt;
    for (std::size_t byte = 0; byte < 4; ++byte) {
      bytes[4 * i + byte] = static_cast<std::uint8_t>(*part >> (24 - 8 * byte));
    }
  }
  return bytes;
}

void write_uuid(const UuidBytes& bytes, std::string& text) {
  write_uuid(big_endian(bytes.data()), big_endian(bytes.data() + 8), text);
}

}  // namespace gatehouse
