// All providers that a gateway knows: the built-in rows and the operator's own.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "providers/provider_entry.h"
#include "providers/provider_row.h"

namespace gatehouse::providers {

/// Of names of a few letters: quicker than the library's. They come from the operator, who does not
/// attack himself.
struct NameHash {
  std::size_t operator()(std::string_view name) const {
    constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;  // 2^64 by the golden ratio
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (name.size() >= sizeof first) {
      std::memcpy(&first, name.data(), sizeof first);
      std::memcpy(&last, name.data() + name.size() - sizeof last, sizeof last);
    } else {
      for (const char c : name) first = first << 8U | static_cast<unsigned char>(c);
    }
    return static_cast<std::size_t>(((first * kSpread) ^ last ^ name.size()) * kSpread >> 20U);
  }
};

/// Immutable once made: shared between threads as a snapshot. Rows live as long as the table.
class ProviderTable {
 public:
  /// The built-in rows alone.
  ProviderTable() = default;
  ProviderTable(const ProviderTable&) = delete;
  ProviderTable& operator=(const ProviderTable&) = delete;
  // A deque's move may allocate, and where there is no memory we end anyway.
  ProviderTable(ProviderTable&&) noexcept = default;
  ProviderTable& operator=(ProviderTable&&) noexcept = default;

  /// With the operator's rows, which win over built-in ones.
  /// Error: invalid_config; the message names the entry, what is wrong and what is allowed.
  static Result<ProviderTable> with(const std::vector<ProviderEntry>& entries);

  /// The row with this id or alias, in any case, or nullptr.
  const ProviderRow* find(std::string_view name) const;

  /// Ids and aliases that look like `name`, the nearest first, at most three.
  std::vector<std::string_view> near_names(std::string_view name) const;

  /// Every row once, sorted by id.
  std::vector<const ProviderRow*> rows() const;

 private:
  Result<void> add(const ProviderEntry& entry);
  Result<void> add_name(std::string_view name, const ProviderRow* row);
  std::string_view keep(std::string_view text);

  std::deque<std::string> texts_;  // what the views of own_ look at; a deque does not move them
  std::deque<ProviderRow> own_;
  std::unordered_map<std::string_view, const ProviderRow*, NameHash> names_;  // of own_ only
};

}  // namespace gatehouse::providers
