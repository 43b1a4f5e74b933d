#include "credentials/configured_credentials.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace gatehouse::credentials {

ConfiguredCredentials::ConfiguredCredentials(std::vector<StoredCredential> credentials,
                                             std::vector<std::string> dummies)
    : dummies_(std::move(dummies)) {
  for (StoredCredential& credential : credentials) {
    std::string slug = credential.slug;
    by_slug_.emplace(std::move(slug),
                     std::make_shared<const StoredCredential>(std::move(credential)));
  }
}

std::shared_ptr<const StoredCredential> ConfiguredCredentials::find(std::string_view slug) const {
  const auto found = by_slug_.find(slug);
  return found == by_slug_.end() ? nullptr : found->second;
}

std::vector<std::string> ConfiguredCredentials::near_slugs(std::string_view slug) const {
  constexpr std::size_t kMost = 3;
  constexpr std::size_t kLongestSlug = 128;  // the distance takes the product of both lengths
  if (slug.size() > kLongestSlug) return {};
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const auto& [known, credential] : by_slug_) {
    const std::size_t distance = edit_distance(slug, known);
    const bool is_part = !slug.empty() && known.find(slug) != std::string::npos;
    if (is_part || distance <= std::max<std::size_t>(2, slug.size() / 3)) {
      ranked.emplace_back(distance, known);
    }
  }
  std::ranges::sort(ranked);
  std::vector<std::string> names;
  for (auto& [distance, name] : ranked) {
    if (names.size() < kMost) names.push_back(std::move(name));
  }
  return names;
}

bool ConfiguredCredentials::is_dummy(std::string_view key) const {
  return key.empty() || std::ranges::any_of(dummies_, [&](const std::string& dummy) {
           return equals_ignoring_case(dummy, key);
         });
}

}  // namespace gatehouse::credentials
