// Which request options decide which host is called, whoever the provider is.
#pragma once

#include <set>
#include <string_view>

#include "providers/provider_table.h"

namespace gatehouse::providers {

/// Names of options (options.h) that name a base URL, or stand in the host of one. The views live
/// as long as the table.
std::set<std::string_view> location_options(const ProviderTable& table);

/// Whether a passed-through path names a host of its own (ProviderRow::proxy_host_suffix).
bool path_names_host(const ProviderTable& table, std::string_view path);

}  // namespace gatehouse::providers
