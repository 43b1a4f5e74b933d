#include "store/memory/memory_key_store.h"

#include <algorithm>
#include <string>

namespace gatehouse::store {

using auth::GatewayKey;

Result<std::vector<GatewayKey>> MemoryKeyStore::list() {
  const std::scoped_lock lock(mutex_);
  listed_revision_ = revision_;
  return keys_;
}

Result<std::optional<GatewayKey>> MemoryKeyStore::find(const auth::KeyHash& hash) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(keys_, hash, &GatewayKey::hash);
  if (found == keys_.end()) return std::optional<GatewayKey>{};
  return std::optional(*found);
}

Result<void> MemoryKeyStore::add(const GatewayKey& key) {
  const std::scoped_lock lock(mutex_);
  const bool is_taken = std::ranges::any_of(
      keys_, [&](const GatewayKey& other) { return other.id == key.id || other.hash == key.hash; });
  if (is_taken) {
    return fail({ErrorCode::store,
                 Origin::store,
                 "The gateway key '" + key.name + "' is in the store already.",
                 {},
                 {},
                 {}});
  }
  const auto place = std::ranges::upper_bound(keys_, key.created, {}, &GatewayKey::created);
  keys_.insert(place, key);
  ++revision_;
  return {};
}

Result<void> MemoryKeyStore::revoke(std::string_view id, WallTime now) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(keys_, id, &GatewayKey::id);
  if (found == keys_.end()) {
    return fail(client_error(ErrorCode::not_found, "There is no gateway key with the id `" +
                                                       std::string(id) +
                                                       "`. `gatehouse keys list` shows all."));
  }
  if (!found->revoked) found->revoked = now;
  ++revision_;
  return {};
}

Result<bool> MemoryKeyStore::changed() {
  const std::scoped_lock lock(mutex_);
  return revision_ != listed_revision_;
}

}  // namespace gatehouse::store
