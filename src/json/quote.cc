// JSON strings, there and back (RFC 8259, section 7).
#include <algorithm>
#include <cstdint>

#include "base/bytes16.h"
#include "base/text.h"
#include "json/scan.h"

namespace gatehouse::json {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

/// How many bytes stand in front of the first that a string cannot hold as it is.
std::size_t plain_length(std::string_view text) {
  return find_byte(text, 0, [](Bytes16 bytes) {
    return bytes.equal('"') | bytes.equal('\\') | bytes.between(0, 0x1f);
  });
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto code = static_cast<unsigned char>(c);
  out += "\\u00";
  out += kHex[code >> 4U];
  out += kHex[code & 0xFU];
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::optional<char> simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return std::nullopt;
  }
}

/// The value of `\uXXXX` at the front of `text`, or nothing if that is not what stands there.
std::optional<std::uint32_t> hex_escape(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  std::uint32_t code = 0;
  for (const char c : text.substr(2, 4)) {
    const char low = ascii_lower(c);
    if (low >= '0' && low <= '9') {
      code = code * 16 + static_cast<std::uint32_t>(low - '0');
    } else if (low >= 'a' && low <= 'f') {
      code = code * 16 + static_cast<std::uint32_t>(low - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return code;
}

/// Appends what the escape at the front of `text` stands for; gives its length, 0 if it is none.
/// A surrogate without its other half, which no UTF-8 can say, becomes U+FFFD.
std::size_t append_unescaped(std::string& out, std::string_view text) {
  if (text.size() < 2) return 0;
  if (const std::optional<char> simple = simple_escape(text[1])) {
    out += *simple;
    return 2;
  }
  const std::optional<std::uint32_t> first = hex_escape(text);
  if (!first) return 0;
  if (*first < 0xD800 || *first > 0xDFFF) {
    append_utf8(out, *first);
    return 6;
  }
  const std::optional<std::uint32_t> second = hex_escape(text.substr(6));
  if (*first > 0xDBFF || !second || *second < 0xDC00 || *second > 0xDFFF) {
    append_utf8(out, kReplacement);
    return 6;
  }
  append_utf8(out, 0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00));
  return 12;
}

}  // namespace

std::optional<std::string> unescape(std::string_view raw) {
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return std::nullopt;
  std::string_view rest = raw.substr(1, raw.size() - 2);
  std::size_t plain = plain_length(rest);
  if (plain == rest.size()) return std::optional<std::string>(std::in_place, rest);
  std::string out;
  out.reserve(rest.size());
  for (; !rest.empty(); plain = plain_length(rest)) {
    out.append(rest, 0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    const std::size_t length = rest.front() == '\\' ? append_unescaped(out, rest) : 0;
    if (length == 0) return std::nullopt;
    rest.remove_prefix(length);
  }
  return out;
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t plain = plain_length(text);
    out.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    append_escape(out, text.front());
    text.remove_prefix(1);
  }
}

std::string quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  append_escaped(out, text);
  out += '"';
  return out;
}

}  // namespace gatehouse::json
