// Finds the keys of a JSON text, at any depth, without building or checking it: for what is looked
// at while it passes (usage, secrets), where most of the text is of no interest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::json {

/// The letters that wanted keys end in. One of them stands for a few others, too.
class LastLetters {
 public:
  constexpr explicit LastLetters(std::string_view letters) {
    for (const char letter : letters) kinds_ |= bit_of(letter);
  }
  constexpr bool may_be(char last) const { return (kinds_ & bit_of(last)) != 0; }
  static constexpr LastLetters any() {
    LastLetters all("");
    all.kinds_ = ~std::uint64_t{0};
    return all;
  }

 private:
  /// One of 64 kinds that bytes are sorted into.
  static constexpr std::uint64_t bit_of(char c) { return std::uint64_t{1} << (c & 63); }
  std::uint64_t kinds_ = 0;
};

/// Goes from key to key. Relies on this: a quote inside a JSON string is escaped, so an unescaped
/// quote with a colon behind it can only end a key. That holds wherever the text was cut, too.
/// Not thread-safe; the text must stay.
class KeyScan {
 public:
  explicit KeyScan(std::string_view text) : text_(text) {}
  /// Only keys that end in one of these letters are wanted. Most others are passed over, not all.
  KeyScan(std::string_view text, LastLetters last_letters) : text_(text), wanted_(last_letters) {}

  /// Steps to the next key; false if there is none.
  bool next();
  /// The last byte of the key: tells most keys apart from those that are wanted.
  char last() const { return text_[quote_ - 1]; }
  /// The byte before the last `count` of the key or of what stands before it; NUL if none does.
  char before_last(std::size_t count) const {
    return quote_ > count ? text_[quote_ - 1 - count] : '\0';
  }
  /// Whether the key is this name, which has no escapes.
  bool is(std::string_view name) const;
  /// The key as it is written, without its quotes; of a long one the last kLongestKey bytes.
  std::string_view key() const;
  static constexpr std::size_t kLongestKey = 64;
  /// What follows its colon, up to the end of the text, blanks left out.
  std::string_view after() const { return text_.substr(after_); }
  /// Goes on behind the first `bytes` of after(): keys in there are not wanted.
  void skip(std::size_t bytes);

 private:
  bool load();
  bool look();
  bool keep(std::size_t from, std::uint64_t quotes);
  bool is_key(std::size_t quote);

  std::string_view text_;
  LastLetters wanted_ = LastLetters::any();
  std::size_t quote_ = 0;  // the one that ends the key
  std::size_t after_ = 0;
  std::size_t block_ = 0;     // where the bits of `quotes_` begin
  std::size_t next_ = 0;      // the first byte that no block has covered
  std::uint64_t quotes_ = 0;  // of the block: quotes with a colon or a blank behind them
};

}  // namespace gatehouse::json
