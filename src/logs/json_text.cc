#include "logs/json_text.h"

#include <array>
#include <cstring>

#include "json/scan.h"
#include "logs/utf8.h"

namespace gatehouse::logs {
namespace {

constexpr std::uint64_t repeated(std::uint64_t byte) { return byte * 0x0101010101010101U; }

/// Nonzero if one of the eight bytes is a control character, a quote, a backslash or not ASCII. The
/// subtractions borrow into the top bit of a byte that is too small (Mycroft, 1987).
constexpr std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t quote = word ^ repeated('"');
  const std::uint64_t backslash = word ^ repeated('\\');
  return ((word - repeated(0x20)) | (quote - repeated(1)) | (backslash - repeated(1)) | word) &
         repeated(0x80);
}

/// Whether a text can stand in JSON as it is; may say no when it could.
bool is_plain(std::string_view text) {
  std::uint64_t special = 0;
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    special |= special_bytes(word);
    text.remove_prefix(sizeof word);
  }
  std::uint64_t rest = repeated('a');
  if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
  return (special | special_bytes(rest)) == 0;
}

}  // namespace

JsonText& JsonText::key(std::string_view name) {
  constexpr std::size_t kLongest = 32;
  std::array<char, kLongest + 4> text{};
  char* at = text.data();
  if (needs_comma()) *at++ = ',';
  *at++ = '"';
  at += name.copy(at, kLongest);
  *at++ = '"';
  *at++ = ':';
  out_.append(text.data(), static_cast<std::size_t>(at - text.data()));
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  separate();
  out_ += '"';
  if (is_plain(value)) {
    out_ += value;
  } else if (is_utf8(value)) {
    json::append_escaped(out_, value);
  } else {
    json::append_escaped(out_, repaired_utf8(value));
  }
  out_ += '"';
  return *this;
}

JsonText& JsonText::milliseconds(std::chrono::microseconds value) {
  constexpr std::int64_t kMicros = 1000;
  const std::int64_t micros = value.count() < 0 ? 0 : value.count();
  number(micros / kMicros);
  std::int64_t rest = micros % kMicros;
  if (rest == 0) return *this;
  out_ += '.';
  for (std::int64_t unit = kMicros / 10; rest != 0; unit /= 10) {
    out_ += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return *this;
}

}  // namespace gatehouse::logs
