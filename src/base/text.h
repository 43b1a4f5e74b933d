// ASCII text, as HTTP needs it: no locale, no allocation.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

namespace detail {
/// For texts of the same length, many bytes at a time.
bool same_ignoring_case(const char* a, const char* b, std::size_t length);
}  // namespace detail

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.empty()) return true;
  if (ascii_lower(a[0]) != ascii_lower(b[0])) return false;  // as most texts that are compared
  if !consteval {
    return detail::same_ignoring_case(a.data(), b.data(), a.size());  // NOLINT(*-data-usage): sized
  }
  for (std::size_t i = 1; i < a.size(); ++i) {
    if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  }
  return true;
}

constexpr bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

/// Without leading and trailing spaces, tabs, CR and LF.
constexpr std::string_view trimmed(std::string_view text) {
  // By hand: the library looks each byte up in the set with a call, and every header passes here.
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lowered(std::string_view text);

/// Whether a byte below 0x20 or 0x7F stands in the text. Tabs count too.
bool has_control_byte(std::string_view text);

/// The parts between separators, trimmed, empty ones left out: "a, b,,c" -> a b c.
std::vector<std::string_view> split_list(std::string_view text, char separator = ',');

/// A whole decimal number and nothing else, or nothing.
template <class Int>
std::optional<Int> parse_number(std::string_view text) {
  Int value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

/// How many edits (insert, delete, replace) lie between two words; for "did you mean".
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Constant-time for equal lengths: for comparing secrets.
bool equals_in_constant_time(std::string_view a, std::string_view b);

}  // namespace gatehouse
