// The built-in table of providers.
#pragma once

#include <span>
#include <string_view>

#include "providers/provider_row.h"

namespace gatehouse::providers {

/// All built-in rows, sorted by id.
std::span<const ProviderRow> builtin_rows();

/// The built-in row with this id or alias (exact, lower case), or nullptr. A binary search.
const ProviderRow* find_builtin(std::string_view name);

}  // namespace gatehouse::providers
