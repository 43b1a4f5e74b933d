#include "json/key_scan.h"

#include <algorithm>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace gatehouse::json {
namespace {

constexpr std::size_t kBlock = 32;

bool may_follow(char c) { return c == ':' || static_cast<unsigned char>(c) <= ' '; }

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// One bit for each of `count` bytes that is a quote and has a colon or a blank behind it.
std::uint32_t quotes_one_by_one(const char* at, std::size_t count) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (at[i] == '"' && may_follow(at[i + 1])) bits |= 1U << i;
  }
  return bits;
}

#if defined(__SSE2__)
std::uint32_t quotes_of_16(const char* at) {
  const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i behind = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 1));
  const __m128i blank = _mm_set1_epi8(' ');
  const __m128i follows = _mm_or_si128(_mm_cmpeq_epi8(behind, _mm_set1_epi8(':')),
                                       _mm_cmpeq_epi8(_mm_min_epu8(behind, blank), behind));
  const __m128i quotes = _mm_cmpeq_epi8(here, _mm_set1_epi8('"'));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_and_si128(quotes, follows)));
}
std::uint32_t quotes_of_block(const char* at) {
  return quotes_of_16(at) | quotes_of_16(at + kBlock / 2) << kBlock / 2;
}
#else
std::uint32_t quotes_of_block(const char* at) { return quotes_one_by_one(at, kBlock); }
#endif

}  // namespace

bool KeyScan::next() {
  do {
    while (quotes_ != 0) {
      const std::size_t quote = block_ + static_cast<std::size_t>(std::countr_zero(quotes_));
      quotes_ &= quotes_ - 1;
      if (is_key(quote)) return true;
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
    const std::uint32_t quotes = quotes_of_block(text + at);
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
    quotes_ = quotes_one_by_one(text + at, rest);
  }
  return quotes_ != 0;
}

bool KeyScan::is_key(std::size_t quote) {
  std::size_t backslashes = 0;
  while (backslashes < quote && text_[quote - 1 - backslashes] == '\\') ++backslashes;
  if (quote == 0 || backslashes % 2 != 0) return false;

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
  std::size_t open = quote_;
  while (open > first && text_[open - 1] != '"') --open;
  return text_.substr(open, quote_ - open);
}

}  // namespace gatehouse::json
