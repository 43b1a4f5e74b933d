#include "providers/location_options.h"

#include <algorithm>

#include "providers/upstream_url.h"

namespace gatehouse::providers {
namespace {

/// The names of the {placeholders}, without what stands behind "=" or "!".
void add_placeholders(std::string_view host, std::set<std::string_view>& names) {
  for (;;) {
    const std::size_t open = host.find('{');
    if (open == std::string_view::npos) return;
    const std::string_view rest = host.substr(open + 1);
    names.insert(rest.substr(0, rest.find_first_of("=!}")));
    host = rest;
  }
}

}  // namespace

std::set<std::string_view> location_options(const ProviderTable& table) {
  std::set<std::string_view> names;
  for (const ProviderRow* row : table.rows()) {
    if (!row->base_option.empty()) names.insert(row->base_option);
    add_placeholders(row->base.host, names);
    for (const BaseVariant& variant : row->base_variants) names.insert(variant.option);
  }
  return names;
}

bool path_names_host(const ProviderTable& table, std::string_view path) {
  return std::ranges::any_of(
      table.rows(), [path](const ProviderRow* row) { return proxy_path_names_host(*row, path); });
}

}  // namespace gatehouse::providers
