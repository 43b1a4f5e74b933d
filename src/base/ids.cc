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

void put_uuid(std::uint64_t high, std::uint64_t low, std::string& text) {
  text.assign(kUuidLength, '-');
  char* at = append_hex(high >> 32U, 4, text.data());
  at = append_hex(high >> 16U, 2, at + 1);
  at = append_hex(high, 2, at + 1);
  at = append_hex(low >> 48U, 2, at + 1);
  append_hex(low, 6, at + 1);
}

std::string format_uuid(std::uint64_t high, std::uint64_t low) {
  std::string text;
  put_uuid(high, low, text);
  return text;
}

/// The number whose bytes stand there, or to be put there, the highest first.
std::uint64_t highest_first(std::uint64_t number) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
}

// Sixteen bytes in one register, as Clang and GCC have them on every machine.
using Bytes16 = std::uint8_t __attribute__((vector_size(16)));
using Bytes8 = std::uint8_t __attribute__((vector_size(8)));

struct Digits {
  std::uint64_t bytes = 0;  // as they stand in memory
  bool are_good = false;    // lower-case digits indeed
};

/// The eight bytes that sixteen digits write.
Digits bytes_of_digits(const char* text) {
  Bytes16 digits;
  std::memcpy(&digits, text, sizeof digits);
  const Bytes16 figures = digits - std::uint8_t{'0'};
  const Bytes16 letters = digits - std::uint8_t{'a'};
  const Bytes16 is_figure = std::bit_cast<Bytes16>(figures < 10);
  const Bytes16 is_letter = std::bit_cast<Bytes16>(letters < 6);
  const auto good = std::bit_cast<std::array<std::uint64_t, 2>>(is_figure | is_letter);
  const Bytes16 halves = (figures & is_figure) | ((letters + std::uint8_t{10}) & is_letter);
  const Bytes8 first = __builtin_shufflevector(halves, halves, 0, 2, 4, 6, 8, 10, 12, 14);
  const Bytes8 second = __builtin_shufflevector(halves, halves, 1, 3, 5, 7, 9, 11, 13, 15);
  const Bytes8 bytes = first << 4 | second;
  return {std::bit_cast<std::uint64_t>(bytes), (good[0] & good[1]) == ~std::uint64_t{0}};
}

constexpr std::uint64_t kVariantMask = 0x3fffffffffffffffU;
constexpr std::uint64_t kVariant = 0x8000000000000000U;

}  // namespace

void put_uuid4(Random& random, std::string& text) {
  const std::uint64_t high = (random.bits() & 0xffffffffffff0fffU) | 0x4000U;
  put_uuid(high, (random.bits() & kVariantMask) | kVariant, text);
}

std::string make_uuid4(Random& random) {
  std::string text;
  put_uuid4(random, text);
  return text;
}

std::string make_uuid7(WallTime now, Random& random) {
  std::string text;
  put_uuid7(now, random, text);
  return text;
}

void put_uuid7(WallTime now, Random& random, std::string& text) {
  const auto micros = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t millis = micros / 1000;
  // The 12 bits after the version hold the sub-millisecond part (RFC 9562 section 6.2, method 3).
  const std::uint64_t fraction = (micros % 1000) * 4096 / 1000;
  const std::uint64_t high = (millis << 16U) | 0x7000U | fraction;
  put_uuid(high, (random.bits() & kVariantMask) | kVariant, text);
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
  const Digits first = bytes_of_digits(digits.data());
  const Digits second = bytes_of_digits(digits.data() + 16);
  if (!first.are_good || !second.are_good) return std::nullopt;
  return std::bit_cast<UuidBytes>(std::array{first.bytes, second.bytes});
}

std::string text_of_uuid(const UuidBytes& bytes) {
  const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(bytes);
  return format_uuid(highest_first(halves[0]), highest_first(halves[1]));
}

long long millis_of_uuid7(const UuidBytes& bytes) {
  const std::uint64_t high = highest_first(std::bit_cast<std::array<std::uint64_t, 2>>(bytes)[0]);
  return (high >> 12U & 0xFU) == 7 ? static_cast<long long>(high >> 16U) : -1;
}

long long millis_of_uuid7(std::string_view id) {
  const std::optional<UuidBytes> bytes = bytes_of_uuid(id);
  return bytes ? millis_of_uuid7(*bytes) : -1;
}

}  // namespace gatehouse
