#include "json/key_scan.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/bytes16.h"

namespace gatehouse::json {
namespace {

constexpr std::size_t kBlock = 64;

bool may_follow(char c) { return c == ':' || static_cast<unsigned char>(c) <= ' '; }

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// One bit for each byte that is a quote and has a colon or a blank behind it.
std::uint64_t quotes_of_16(const char* at) {
  const Bytes16 behind = Bytes16::at(at + 1);
  const Bytes16 follows = behind.equal(':') | behind.between(0, ' ');
  return (Bytes16::at(at).equal('"') & follows).top_bits();
}

/// The same for less than a block.
std::uint64_t quotes_of(const char* at, std::size_t count) {
  std::uint64_t bits = 0;
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) bits |= quotes_of_16(at + i) << i;
  for (; i < count; ++i) {
    if (at[i] == '"' && may_follow(at[i + 1])) bits |= std::uint64_t{1} << i;
  }
  return bits;
}

/// The same for a whole block. Most blocks of a text lie inside one string.
std::uint64_t quotes_of_block(const char* at) {
  const auto quotes = [at](std::size_t from) { return Bytes16::at(at + from).equal('"'); };
  const Bytes16 any = quotes(0) | quotes(16) | quotes(32) | quotes(48);
  if (any.top_bits() == 0) return 0;
  return quotes_of_16(at) | quotes_of_16(at + 16) << 16U | quotes_of_16(at + 32) << 32U |
         quotes_of_16(at + 48) << 48U;
}

}  // namespace

bool KeyScan::next() {
  do {
    while (quotes_ != 0) {
      const std::size_t quote = block_ + static_cast<std::size_t>(std::countr_zero(quotes_));
      quotes_ &= quotes_ - 1;
      const bool is_wanted = quote > 0 && (wanted_ & bit_of(text_[quote - 1])) != 0;
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
  const char* const text = text_.data();
  std::size_t at = next_;
  for (; at + kBlock < text_.size(); at += kBlock) {
    const std::uint64_t quotes = quotes_of_block(text + at);
    if (quotes == 0) continue;
    block_ = at;
    next_ = at + kBlock;
    quotes_ = quotes;
    return true;
  }
  next_ = text_.size();
  if (at + 1 >= text_.size()) return false;
  const std::size_t rest = text_.size() - at - 1;
  block_ = at;
  if (text_.size() > kBlock) {  // once more the last bytes that fill a block
    quotes_ = quotes_of_block(text + text_.size() - 1 - kBlock) >> (kBlock - rest);
  } else {
    quotes_ = quotes_of(text + at, rest);
  }
  return quotes_ != 0;
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
