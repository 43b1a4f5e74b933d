#include "providers/signers/grant_cache.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gatehouse::providers {
namespace {

// A request that is signed now may be looked at a little later, by a clock that is a little off.
constexpr std::chrono::seconds kMargin{30};
constexpr std::chrono::minutes kEarly{5};

}  // namespace

const Grant* GrantCache::find(std::string_view id, WallTime now) const {
  const auto found = grants_.find(id);
  if (found == grants_.end() || found->second.expires <= now + kMargin) return nullptr;
  return &found->second;
}

bool GrantCache::is_due(const Grant& grant, WallTime now) { return grant.expires <= now + kEarly; }

void GrantCache::keep(std::string id, Grant grant) {
  if (grants_.size() >= most_ && !grants_.contains(id)) {
    grants_.erase(std::ranges::min_element(grants_, {},
                                           [](const auto& entry) { return entry.second.expires; }));
  }
  grants_.insert_or_assign(std::move(id), std::move(grant));
}

}  // namespace gatehouse::providers
