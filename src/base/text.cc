#include "base/text.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/bytes16.h"

namespace gatehouse {

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), ascii_lower);
  return out;
}

namespace {

std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Less than eight bytes in one word; some of them stand in it twice.
std::uint64_t short_word(const char* at, std::size_t length) {
  if (length >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, at, sizeof first);
    std::memcpy(&last, at + length - sizeof last, sizeof last);
    return std::uint64_t{first} << 32U | last;
  }
  const auto byte = [at](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(at[i])};
  };
  return byte(0) | byte(length / 2) << 8U | byte(length - 1) << 16U;
}

Bytes16 lowered(Bytes16 bytes) { return bytes | (bytes.between('A', 'Z') & Bytes16::all(0x20)); }

bool is_same(Bytes16 a, Bytes16 b) { return lowered(a).equal(lowered(b)).top_bits() == 0xFFFFU; }

}  // namespace

bool detail::same_ignoring_case(const char* a, const char* b, std::size_t length) {
  constexpr std::size_t kBlock = 16;
  if (length < kBlock / 2) {
    return is_same(Bytes16::of(short_word(a, length), 0), Bytes16::of(short_word(b, length), 0));
  }
  if (length < kBlock) {
    const std::size_t last = length - kBlock / 2;  // may overlap the first half
    return is_same(Bytes16::of(word_at(a), word_at(a + last)),
                   Bytes16::of(word_at(b), word_at(b + last)));
  }
  for (std::size_t at = 0; at + kBlock < length; at += kBlock) {
    if (!is_same(Bytes16::at(a + at), Bytes16::at(b + at))) return false;
  }
  const std::size_t last = length - kBlock;
  return is_same(Bytes16::at(a + last), Bytes16::at(b + last));
}

bool has_control_byte(std::string_view text) {
  const auto controls = [](Bytes16 bytes) { return bytes.between(0, 0x1f) | bytes.equal(0x7f); };
  return find_byte(text, 0, controls) != text.size();
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
