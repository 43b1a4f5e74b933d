// All keys that a process accepts, as one immutable snapshot.
#pragma once

#include <cstdint>
#include <vector>

#include "auth/gateway_key.h"

namespace gatehouse::auth {

/// Built from the keys of gatehouse.yaml and those of the KeyStore; a change makes a new ring, and
/// the pointer to it is swapped whole. Immutable, so any thread reads it without a lock.
class KeyRing {
 public:
  KeyRing() : KeyRing(std::vector<GatewayKey>{}) {}
  /// Of two keys with the same text the earlier one counts: pass the keys of the config first.
  explicit KeyRing(std::vector<GatewayKey> keys);
  // Moving keeps the keys where they are, copying would give two places one generation.
  KeyRing(KeyRing&&) noexcept = default;
  KeyRing& operator=(KeyRing&&) noexcept = default;

  /// The key with this hash, expired and revoked ones too; nullptr if none has it. Lives as long as
  /// the ring.
  const GatewayKey* find(const KeyHash& hash) const;
  bool is_empty() const { return keys_.empty(); }
  std::size_t size() const { return keys_.size(); }
  /// Another number for every ring that this process has made, so that caches notice a swap.
  std::uint64_t generation() const { return generation_; }

 private:
  std::vector<GatewayKey> keys_;  // sorted by hash
  std::uint64_t generation_;
};

}  // namespace gatehouse::auth
