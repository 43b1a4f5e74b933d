#include "providers/provider_rows.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "providers/rows/a_to_c.h"
#include "providers/rows/d_to_h.h"
#include "providers/rows/i_to_n.h"
#include "providers/rows/o_to_z.h"

namespace gatehouse::providers {
namespace {

constexpr std::size_t kRowCount = std::size(rows::kAToC) + std::size(rows::kDToH) +
                                  std::size(rows::kIToN) + std::size(rows::kOToZ);

constexpr auto join_rows() {
  std::array<ProviderRow, kRowCount> joined;
  auto at = std::copy(std::begin(rows::kAToC), std::end(rows::kAToC), joined.begin());
  at = std::copy(std::begin(rows::kDToH), std::end(rows::kDToH), at);
  at = std::copy(std::begin(rows::kIToN), std::end(rows::kIToN), at);
  std::copy(std::begin(rows::kOToZ), std::end(rows::kOToZ), at);
  return joined;
}

constexpr std::array<ProviderRow, kRowCount> kRows = join_rows();

struct Name {
  std::string_view text;
  std::uint16_t row = 0;
};

constexpr std::size_t count_names() {
  std::size_t count = kRowCount;
  for (const ProviderRow& row : kRows) count += row.aliases.size();
  return count;
}

constexpr auto sort_names() {
  std::array<Name, count_names()> names;
  std::size_t at = 0;
  for (std::size_t i = 0; i < kRowCount; ++i) {
    names[at++] = {kRows[i].id, static_cast<std::uint16_t>(i)};
    for (const std::string_view alias : kRows[i].aliases) {
      names[at++] = {alias, static_cast<std::uint16_t>(i)};
    }
  }
  std::sort(names.begin(), names.end(),
            [](const Name& a, const Name& b) { return a.text < b.text; });
  return names;
}

constexpr std::array kNames = sort_names();

constexpr bool rows_ascend() {
  return std::is_sorted(kRows.begin(), kRows.end(),
                        [](const ProviderRow& a, const ProviderRow& b) { return a.id < b.id; });
}

constexpr bool names_differ() {
  return std::adjacent_find(kNames.begin(), kNames.end(), [](const Name& a, const Name& b) {
           return a.text == b.text;
         }) == kNames.end();
}

constexpr bool names_are_lower_case() {
  return std::all_of(kNames.begin(), kNames.end(), [](const Name& name) {
    return std::all_of(name.text.begin(), name.text.end(),
                       [](char c) { return c == ascii_lower(c) && c > ' ' && c != '/'; });
  });
}

// `kRows` is what the gateway believes about providers; these are what it can know without calling
// one.
constexpr bool rows_are_whole() {
  return std::all_of(kRows.begin(), kRows.end(), [](const ProviderRow& row) {
    const bool has_template = row.auth.find("{key}") != std::string_view::npos &&
                              row.auth.find(':') != std::string_view::npos;
    const bool wants_template =
        row.signer == SignerId::api_key_header || row.signer == SignerId::azure_ad;
    const bool wants_service = row.signer == SignerId::aws_sigv4;
    return !row.name.empty() && wants_template == has_template &&
           (wants_template || wants_service) == !row.auth.empty();
  });
}

static_assert(rows_ascend(), "rows are sorted by id");
static_assert(names_differ(), "an id or alias belongs to one row");
static_assert(names_are_lower_case(), "ids and aliases are lower case words");
static_assert(rows_are_whole(), "each row has a name, and `auth` if its signer needs it");

}  // namespace

std::span<const ProviderRow> builtin_rows() { return kRows; }

const ProviderRow* find_builtin(std::string_view name) {
  const auto at = std::lower_bound(
      kNames.begin(), kNames.end(), name,
      [](const Name& entry, std::string_view wanted) { return entry.text < wanted; });
  return at != kNames.end() && at->text == name ? &kRows[at->row] : nullptr;
}

}  // namespace gatehouse::providers
