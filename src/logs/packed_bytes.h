// The bytes of packed records: numbers of seven bits a byte, the lowest first; texts behind their
// length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gatehouse::logs {

/// As numbers of 64 bits that go round: no bytes, however bad, make them overflow.
constexpr std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
constexpr std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

/// Writes without looking for room: whoever makes one knows how much there is.
class ByteWriter {
 public:
  static constexpr std::size_t kLongestNumber = 10;

  explicit ByteWriter(char* at) : at_(at) {}

  /// In four bytes.
  void fixed(std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) *at_++ = static_cast<char>(value >> shift);
  }
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) *at_++ = static_cast<char>(value | 0x80U);
    *at_++ = static_cast<char>(value);
  }
  /// Small ones of either sign are short: 0, -1, 1, -2, .. are 0, 1, 2, 3, ..
  void signed_number(std::int64_t value) {
    number(static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63));
  }
  void text(std::string_view text) {
    number(text.size());
    bytes(text.data(), text.size());
  }
  void bytes(const void* from, std::size_t size) {
    if (size > 0) std::memcpy(at_, from, size);
    at_ += size;
  }
  char* end() const { return at_; }

 private:
  char* at_;
};

/// Reads the same. Where the bytes are no such thing, it stands at the end and gives zeros.
class ByteReader {
 public:
  ByteReader() = default;
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t fixed() {
    std::uint32_t value = 0;
    unsigned shift = 0;
    for (const char byte : bytes(sizeof value)) {
      value |= std::uint32_t{static_cast<std::uint8_t>(byte)} << shift;
      shift += 8;
    }
    return value;
  }
  std::uint64_t number() {
    if (rest_.empty() || static_cast<std::uint8_t>(rest_.front()) >= 0x80) return long_number();
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1U ^ (0 - (value & 1U)));
  }
  std::string_view text() { return bytes(number()); }
  std::string_view bytes(std::uint64_t size) {
    if (size > rest_.size()) give_up();
    const std::string_view found = rest_.substr(0, has_failed_ ? 0 : size);
    rest_.remove_prefix(found.size());
    return found;
  }

  std::size_t left() const { return rest_.size(); }
  bool has_failed() const { return has_failed_; }

 private:
  std::uint64_t long_number() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < ByteWriter::kLongestNumber && i < rest_.size(); ++i) {
      const auto byte = static_cast<std::uint8_t>(rest_[i]);
      value |= std::uint64_t{byte & 0x7FU} << 7 * i;
      if (byte >= 0x80) continue;
      rest_.remove_prefix(i + 1);
      return value;
    }
    give_up();
    return 0;
  }
  void give_up() {
    has_failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool has_failed_ = false;
};

}  // namespace gatehouse::logs
