#include "auth/key_ring.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace gatehouse::auth {
namespace {

std::uint64_t next_generation() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

KeyRing::KeyRing(std::vector<GatewayKey> keys)
    : keys_(std::move(keys)), generation_(next_generation()) {
  std::ranges::stable_sort(keys_, {}, &GatewayKey::hash);
  const auto repeated = std::ranges::unique(keys_, {}, &GatewayKey::hash);
  keys_.erase(repeated.begin(), repeated.end());
}

const GatewayKey* KeyRing::find(const KeyHash& hash) const {
  const auto found = std::ranges::lower_bound(keys_, hash, {}, &GatewayKey::hash);
  return found != keys_.end() && found->hash == hash ? &*found : nullptr;
}

}  // namespace gatehouse::auth
