// All providers that a gateway knows: the built-in rows and the operator's own.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "providers/provider_entry.h"
#include "providers/provider_row.h"

namespace gatehouse::providers {

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
  std::map<std::string_view, const ProviderRow*> names_;  // of own_ only
};

}  // namespace gatehouse::providers
