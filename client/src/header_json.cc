#include "client/src/header_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "dialects/utf8.h"

namespace gatehouse::client {
namespace {

void append_unit(std::string& out, std::uint32_t unit) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u";
  for (unsigned shift = 16; shift > 0;) {
    shift -= 4;
    out += kHex[(unit >> shift) & 0xFU];
  }
}

void append_code_point(std::string& out, std::uint32_t code) {
  if (code < 0x10000) return append_unit(out, code);
  append_unit(out, 0xD800U + ((code - 0x10000U) >> 10U));
  append_unit(out, 0xDC00U + ((code - 0x10000U) & 0x3FFU));
}

/// The code point that begins at `at`, which moves behind it. The text is valid UTF-8.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&] { return static_cast<unsigned char>(text[at++]); };
  const std::uint32_t first = byte();
  if (first < 0x80) return first;
  const unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  std::uint32_t code = first & (0x3FU >> more);
  for (unsigned i = 0; i < more; ++i) code = (code << 6U) | (byte() & 0x3FU);
  return code;
}

void append_ascii(std::string& out, std::uint32_t code) {
  switch (code) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (code >= 0x20 && code < 0x7F) {
    out += static_cast<char>(code);
  } else {
    append_code_point(out, code);
  }
}

std::string number_text(double number) {
  if (!std::isfinite(number)) return "null";
  std::array<char, 32> digits;
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  std::string text(digits.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string text_of(const MetadataValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return ascii_quote(*text);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
  return std::get<bool>(value) ? "true" : "false";
}

/// Members of an object, those that are absent left out.
class ObjectText {
 public:
  void add(std::string_view name, const MetadataValue& value) {
    text_ += text_.empty() ? "{" : ", ";
    text_ += ascii_quote(name) + ": " + text_of(value);
  }
  template <class T>
  void add_if_any(std::string_view name, const std::optional<T>& value) {
    if (value) add(name, MetadataValue(*value));
  }
  std::string take() { return text_.empty() ? std::string() : std::move(text_) + "}"; }

 private:
  std::string text_;
};

}  // namespace

std::string ascii_quote(std::string_view text) {
  const std::string valid = dialects::repaired_utf8(text);
  std::string out = "\"";
  for (std::size_t at = 0; at < valid.size();) append_ascii(out, next_code_point(valid, at));
  return out + '"';
}

std::string header_json(const Metadata& metadata) {
  ObjectText object;
  for (const auto& [name, value] : metadata) object.add(name, value);
  return object.take();
}

std::string header_json(const RetryParams& retry) {
  ObjectText object;
  object.add_if_any("max_retries", retry.max_retries);
  object.add_if_any("backoff", retry.backoff);
  object.add_if_any("jitter", retry.jitter);
  return object.take();
}

std::string header_json(const CacheParams& cache) {
  ObjectText object;
  object.add_if_any("enabled", cache.enabled);
  object.add_if_any("ttl", cache.ttl);
  object.add_if_any("namespace", cache.name_space);
  return object.take();
}

}  // namespace gatehouse::client
