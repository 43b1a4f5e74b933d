#include "json/key_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "base/bytes64.h"

namespace gatehouse::json {
namespace {

constexpr std::size_t kBlock = 64;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// One bit for each byte that is a quote and has a colon or a blank behind it. Most blocks of a
/// text lie inside one string.
[[gnu::always_inline]] inline std::uint64_t quotes_of_block(const char* at) {
  const Bytes64 quotes = Bytes64::at(at).equal('"');
  if (!quotes.has_top_bits()) return 0;
  const Bytes64 behind = Bytes64::at(at + 1);
  return (quotes & (behind.equal(':') | behind.between(0, ' '))).top_bits();
}

/// The same for a text that fills no block.
std::uint64_t quotes_of_short(std::string_view text) {
  std::array<char, kBlock + 1> copy{};
  std::memcpy(copy.data(), text.data(), text.size());
  copy[text.size()] = 'x';  // neither colon nor blank
  return quotes_of_block(copy.data());
}

}  // namespace

bool KeyScan::next() {
  do {
    while (quotes_ != 0) {
      const std::size_t quote = block_ + static_cast<std::size_t>(std::countr_zero(quotes_));
      quotes_ &= quotes_ - 1;
      const bool is_wanted = quote > 0 && wanted_.may_be(text_[quote - 1]);
      if (is_wanted && is_key(quote)) return true;
    }
  } while (load());
  return false;
}

void KeyScan::skip(std::size_t bytes) {
  next_ = std::min(after_ + bytes, text_.size());
  quotes_ = 0;
}

bool KeyScan::load() {
  if (next_ + 1 >= text_.size()) return false;
  if (text_.size() > kBlock) {
    return with_wide_registers([this] [[gnu::always_inline]] () { return look(); });
  }
  const std::size_t from = std::exchange(next_, text_.size());
  return keep(from, quotes_of_short(text_.substr(from)));
}

[[gnu::always_inline]] inline bool KeyScan::look() {
  const char* const text = text_.data();
  std::size_t at = next_;
  for (; at + kBlock < text_.size(); at += kBlock) {
    const std::uint64_t quotes = quotes_of_block(text + at);
    if (quotes == 0) continue;
    next_ = at + kBlock;
    return keep(at, quotes);
  }
  next_ = text_.size();
  const std::size_t rest = text_.size() - at - 1;
  if (rest == 0) return false;
  // Once more the last bytes that fill a block.
  return keep(at, quotes_of_block(text + text_.size() - 1 - kBlock) >> (kBlock - rest));
}

[[gnu::always_inline]] inline bool KeyScan::keep(std::size_t from, std::uint64_t quotes) {
  block_ = from;
  quotes_ = quotes;
  return quotes != 0;
}

bool KeyScan::is_key(std::size_t quote) {
  std::size_t backslashes = 0;
  while (backslashes < quote && text_[quote - 1 - backslashes] == '\\') ++backslashes;
  if (backslashes % 2 != 0) return false;

  std::size_t at = quote + 1;
  while (at < text_.size() && is_blank(text_[at])) ++at;
  if (at == text_.size() || text_[at] != ':') return false;
  ++at;
  while (at < text_.size() && is_blank(text_[at])) ++at;
  quote_ = quote;
  after_ = at;
  return true;
}

bool KeyScan::is(std::string_view name) const {
  if (quote_ <= name.size()) return false;
  const std::size_t open = quote_ - name.size() - 1;
  return text_[open] == '"' && text_.substr(open + 1, name.size()) == name &&
         (open == 0 || text_[open - 1] != '\\');
}

std::string_view KeyScan::key() const {
  const std::size_t first = quote_ > kLongestKey ? quote_ - kLongestKey : 0;
  const std::string_view before = text_.substr(first, quote_ - first);
  const void* const open = memrchr(before.data(), '"', before.size());
  if (open == nullptr) return before;
  return before.substr(static_cast<std::size_t>(static_cast<const char*>(open) - before.data()) +
                       1);
}

}  // namespace gatehouse::json
