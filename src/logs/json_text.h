// Writes JSON text straight into a string: for documents of which only a few are ever read back.
#pragma once

#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::logs {

/// Puts the commas itself. The caller keeps the brackets in pairs.
class JsonText {
 public:
  explicit JsonText(std::string& out) : out_(out) {}

  JsonText& begin(char bracket) {
    *room(1) = bracket;
    return *this;
  }
  JsonText& end(char bracket) {
    out_ += bracket;
    return *this;
  }
  /// A fixed name, which needs no escapes.
  JsonText& key(std::string_view name);
  /// A name that came from outside.
  JsonText& foreign_key(std::string_view name) {
    text(name);
    out_ += ':';
    return *this;
  }
  /// Bytes that are not UTF-8 become U+FFFD, so that the document can be read again.
  JsonText& text(std::string_view value);
  JsonText& number(std::integral auto value) {
    char digits[24];
    const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, value);
    return raw({digits, static_cast<std::size_t>(end.ptr - digits)});
  }
  /// A key with its text, in one step if the text is plain.
  JsonText& member(std::string_view name, std::string_view value);
  /// As milliseconds with up to three decimals: 1500 µs are 1.5.
  JsonText& milliseconds(std::chrono::microseconds value);
  /// What is JSON already.
  JsonText& raw(std::string_view json) {
    json.copy(room(json.size()), json.size());
    return *this;
  }

 private:
  bool needs_comma() const {
    if (out_.empty()) return false;
    const char last = out_.back();
    return last != '{' && last != '[' && last != ':';
  }
  /// Grows the text by as many bytes, behind a comma if one is needed, and gives their place.
  char* room(std::size_t bytes) {
    const std::size_t end = out_.size();
    const std::size_t begin = needs_comma() ? end + 1 : end;
    out_.resize_and_overwrite(begin + bytes, [=](char* text, std::size_t) {
      if (begin != end) text[end] = ',';
      return begin + bytes;
    });
    return out_.data() + begin;
  }

  std::string& out_;
};

}  // namespace gatehouse::logs
