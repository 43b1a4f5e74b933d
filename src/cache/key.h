// What an answer is kept under: a SHA-256 over everything that could have made the answer another
// one. A digest that cannot be forged means that no request is ever given the answer to another
// one, so the request itself need not be kept and compared.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace gatehouse::cache {

struct Key {
  std::array<std::uint8_t, 32> bytes{};

  /// Its first eight bytes: as good as random.
  std::uint64_t prefix() const {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string hex() const;
  friend auto operator<=>(const Key&, const Key&) = default;
};

struct KeyHash {
  std::size_t operator()(const Key& key) const { return key.prefix(); }
};

/// Collects the parts of a key. Each goes in with its length, so that no two lists of parts make
/// the same key ("ab","c" is not "a","bc").
class KeyParts {
 public:
  KeyParts& add(std::string_view part);
  /// The key of the parts so far and this last one.
  Key with(std::string_view last) const;

 private:
  std::string text_;
};

}  // namespace gatehouse::cache
