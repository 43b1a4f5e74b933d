// Gateway keys in memory: for tests, and for a gateway that keeps nothing.
#pragma once

#include <mutex>
#include <vector>

#include "auth/key_store.h"

namespace gatehouse::store {

class MemoryKeyStore final : public auth::KeyStore {
 public:
  Result<std::vector<auth::GatewayKey>> list() override;
  Result<std::optional<auth::GatewayKey>> find(const auth::KeyHash& hash) override;
  Result<void> add(const auth::GatewayKey& key) override;
  Result<void> revoke(std::string_view id, WallTime now) override;
  Result<bool> changed() override;

 private:
  std::mutex mutex_;
  std::vector<auth::GatewayKey> keys_;
  std::uint64_t revision_ = 0;
  std::uint64_t listed_revision_ = static_cast<std::uint64_t>(-1);
};

}  // namespace gatehouse::store
