#include "base/text.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace gatehouse {

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), ascii_lower);
  return out;
}

namespace {

// Eight bytes at a time ("Bit Twiddling Hacks", hasless and haszero), since every header passes
// here.
constexpr std::uint64_t kOnes = 0x0101010101010101U;

std::uint64_t control_bytes(std::uint64_t word) {
  const std::uint64_t below_space = (word - kOnes * 0x20U) & ~word;
  const std::uint64_t flipped = word ^ (kOnes * 0x7fU);
  const std::uint64_t is_delete = (flipped - kOnes) & ~flipped;
  return (below_space | is_delete) & (kOnes * 0x80U);
}

std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

bool has_control_byte(std::string_view text) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (text.size() < kWord) {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7f; });
  }
  const char* at = text.data();
  const char* const last = at + text.size() - kWord;  // the last word may overlap the one before
  std::uint64_t found = control_bytes(word_at(last));
  for (; at < last; at += kWord) found |= control_bytes(word_at(at));
  return found != 0;
}

std::vector<std::string_view> split_list(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (const std::string_view part = trimmed(text.substr(0, end)); !part.empty()) {
      parts.push_back(part);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

bool equals_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |=
        static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
  }
  return difference == 0;
}

}  // namespace gatehouse
