#include "logs/json_text.h"

#include <algorithm>
#include <cstring>

#include "json/scan.h"
#include "logs/utf8.h"

namespace gatehouse::logs {
namespace {

constexpr std::string_view kColonBetweenQuotes = R"(":")";

constexpr std::uint64_t repeated(std::uint64_t byte) { return byte * 0x0101010101010101U; }

/// Nonzero if one of the eight bytes is a control character, a quote, a backslash or not ASCII. The
/// subtractions borrow into the top bit of a byte that is too small (Mycroft, 1987).
constexpr std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t quote = word ^ repeated('"');
  const std::uint64_t backslash = word ^ repeated('\\');
  return ((word - repeated(0x20)) | (quote - repeated(1)) | (backslash - repeated(1)) | word) &
         repeated(0x80);
}

std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Whether a text can stand in JSON as it is; may say no when it could.
bool is_plain(std::string_view text) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (text.size() < kWord) {
    std::uint64_t word = repeated('a');
    if (!text.empty()) std::memcpy(&word, text.data(), text.size());
    return special_bytes(word) == 0;
  }
  const char* const last = text.data() + text.size() - kWord;
  std::uint64_t special = special_bytes(word_at(last));
  for (const char* at = text.data(); at < last; at += kWord) special |= special_bytes(word_at(at));
  return special == 0;
}

}  // namespace

JsonText& JsonText::key(std::string_view name) {
  constexpr std::size_t kPunctuation = 3;
  char* at = room(name.size() + kPunctuation);
  *at++ = '"';
  at += name.copy(at, name.size());
  *at++ = '"';
  *at = ':';
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  if (is_plain(value)) {
    char* at = room(value.size() + 2);
    *at++ = '"';
    at += value.copy(at, value.size());
    *at = '"';
    return *this;
  }
  *room(1) = '"';
  if (is_utf8(value)) {
    json::append_escaped(out_, value);
  } else {
    json::append_escaped(out_, repaired_utf8(value));
  }
  out_ += '"';
  return *this;
}

JsonText& JsonText::member(std::string_view name, std::string_view value) {
  if (!is_plain(value)) return key(name).text(value);
  constexpr std::size_t kPunctuation = 5;
  char* at = room(name.size() + value.size() + kPunctuation);
  *at++ = '"';
  at += name.copy(at, name.size());
  at = std::ranges::copy(kColonBetweenQuotes, at).out;
  at += value.copy(at, value.size());
  *at = '"';
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
