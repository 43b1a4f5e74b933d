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

std::string format_uuid(std::uint64_t high, std::uint64_t low) {
  std::string text(kUuidLength, '-');
  char* at = append_hex(high >> 32U, 4, text.data());
  at = append_hex(high >> 16U, 2, at + 1);
  at = append_hex(high, 2, at + 1);
  at = append_hex(low >> 48U, 2, at + 1);
  append_hex(low, 6, at + 1);
  return text;
}

/// The same byte eight times.
constexpr std::uint64_t each_byte(std::uint64_t byte) { return byte * 0x0101010101010101U; }

/// The number whose bytes stand there, or to be put there, the highest first.
std::uint64_t highest_first(std::uint64_t number) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
}

struct Digits {
  std::uint64_t number = 0;
  std::uint64_t unlike = 0;  // zero if they are lower-case digits indeed
};

/// The number that eight lower-case digits write, all of them at once.
Digits number_of_eight(const char* digits) {
  constexpr unsigned kToLetter = 'a' - '0' - 10;  // how far the letters lie behind the digits
  std::uint64_t text = 0;
  std::memcpy(&text, digits, sizeof text);
  text = highest_first(text);
  const std::uint64_t is_letter = text >> 6U & each_byte(1);
  const std::uint64_t halves = (text & each_byte(0x0F)) + 9 * is_letter;
  // Written again they must be the same: that refuses all that is no digit.
  const std::uint64_t is_ten_or_more = (halves + each_byte(6)) >> 4U & each_byte(1);
  const std::uint64_t again = halves + each_byte('0') + kToLetter * is_ten_or_more;
  const std::uint64_t bytes = (halves >> 4U | halves) & 0x00FF00FF00FF00FFU;
  const std::uint64_t pairs = (bytes >> 8U | bytes) & 0x0000FFFF0000FFFFU;
  return {(pairs >> 16U | pairs) & 0xFFFFFFFFU, again ^ text};
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
  std::array<char, 8> last{'0', '0', '0', '0'};
  std::memcpy(last.data() + 4, id.data() + 9, 4);
  const Digits high = number_of_eight(id.data());
  const Digits low = number_of_eight(last.data());
  if ((high.unlike | low.unlike) != 0) return -1;
  return static_cast<long long>(high.number << 16U | low.number);
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
  const std::array<Digits, 4> parts = {
      number_of_eight(digits.data()), number_of_eight(digits.data() + 8),
      number_of_eight(digits.data() + 16), number_of_eight(digits.data() + 24)};
  if ((parts[0].unlike | parts[1].unlike | parts[2].unlike | parts[3].unlike) != 0) {
    return std::nullopt;
  }
  return std::bit_cast<UuidBytes>(
      std::array{highest_first(parts[0].number << 32U | parts[1].number),
                 highest_first(parts[2].number << 32U | parts[3].number)});
}

std::string text_of_uuid(const UuidBytes& bytes) {
  const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(bytes);
  return format_uuid(highest_first(halves[0]), highest_first(halves[1]));
}

}  // namespace gatehouse
