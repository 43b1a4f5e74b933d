#include "providers/provider_table.h"

#include <algorithm>

#include "base/text.h"
#include "providers/provider_rows.h"
#include "providers/row_from_entry.h"

namespace gatehouse::providers {
namespace {

constexpr std::size_t kMostNearNames = 3;

bool is_id(std::string_view text) {
  return !text.empty() && text.front() != '@' && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '/';
  });
}

std::unexpected<Failure> wrong_name(std::string_view id, std::string_view what) {
  return fail(gateway_error(ErrorCode::invalid_config,
                            "providers." + std::string(id) + ": " + std::string(what)));
}

}  // namespace

Result<ProviderTable> ProviderTable::with(const std::vector<ProviderEntry>& entries) {
  ProviderTable table;
  for (const ProviderEntry& entry : entries) {
    if (Result<void> added = table.add(entry); !added) return fail(std::move(added.error()));
  }
  return table;
}

Result<void> ProviderTable::add(const ProviderEntry& entry) {
  if (!is_id(entry.id)) {
    return wrong_name(entry.id,
                      "a provider's name is a word without '/', and not with '@' in front.");
  }
  const std::string id = lowered(entry.id);
  const KeepText keep_text = [this](std::string_view text) { return keep(text); };
  Result<ProviderRow> row = row_from_entry(entry, find_builtin(id), keep_text);
  if (!row) return fail(std::move(row.error()));
  own_.push_back(*row);
  const ProviderRow& own = own_.back();
  if (Result<void> added = add_name(own.id, &own); !added) return added;
  for (const std::string_view alias : own.aliases) {
    if (Result<void> added = add_name(alias, &own); !added) return added;
  }
  return {};
}

Result<void> ProviderTable::add_name(std::string_view name, const ProviderRow* row) {
  if (!is_id(name)) return wrong_name(row->id, "\"" + std::string(name) + "\" is no alias.");
  if (!names_.emplace(name, row).second) {
    return wrong_name(row->id, "the name \"" + std::string(name) +
                                   "\" is already that of another provider in this file.");
  }
  return {};
}

std::string_view ProviderTable::keep(std::string_view text) { return texts_.emplace_back(text); }

const ProviderRow* ProviderTable::find(std::string_view name) const {
  if (const auto own = names_.find(name); own != names_.end()) return own->second;
  if (const ProviderRow* row = find_builtin(name)) return row;
  const std::string lower = lowered(name);
  if (lower == name) return nullptr;
  return find(lower);
}

std::vector<std::string_view> ProviderTable::near_names(std::string_view name) const {
  struct Near {
    std::size_t distance;
    std::string_view text;
  };
  const std::string wanted = lowered(name.substr(0, 64));
  const std::size_t most = std::max<std::size_t>(2, wanted.size() / 3);
  std::vector<Near> near;
  const auto look_at = [&](std::string_view text) {
    const std::size_t distance =
        wanted.size() > 2 && text.starts_with(wanted) ? 1 : edit_distance(wanted, text);
    if (distance <= most) near.push_back({distance, text});
  };
  for (const ProviderRow* row : rows()) {
    look_at(row->id);
    for (const std::string_view alias : row->aliases) look_at(alias);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const Near& a, const Near& b) { return a.distance < b.distance; });
  std::vector<std::string_view> texts;
  for (const Near& one : near) {
    if (texts.size() < kMostNearNames) texts.push_back(one.text);
  }
  return texts;
}

std::vector<const ProviderRow*> ProviderTable::rows() const {
  std::vector<const ProviderRow*> all;
  all.reserve(own_.size() + builtin_rows().size());
  for (const ProviderRow& own : own_) all.push_back(&own);
  for (const ProviderRow& row : builtin_rows()) {
    if (names_.find(row.id) == names_.end()) all.push_back(&row);
  }
  std::sort(all.begin(), all.end(),
            [](const ProviderRow* a, const ProviderRow* b) { return a->id < b->id; });
  return all;
}

}  // namespace gatehouse::providers
