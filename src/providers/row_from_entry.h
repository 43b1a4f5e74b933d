// From an operator's text to a row.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "providers/provider_entry.h"
#include "providers/provider_row.h"

namespace gatehouse::providers {

/// Keeps a text for as long as the row lives, and gives the view that the row may hold.
using KeepText = std::function<std::string_view(std::string_view)>;

/// `known` is the row that the entry changes, or nullptr for one of its own.
/// Error: invalid_config, naming the entry and its field, what is wrong and what is allowed.
Result<ProviderRow> row_from_entry(const ProviderEntry& entry, const ProviderRow* known,
                                   const KeepText& keep);

}  // namespace gatehouse::providers
