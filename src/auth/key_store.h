// Where gateway keys are kept. store/ implements it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "auth/gateway_key.h"
#include "base/result.h"

namespace gatehouse::auth {

/// Threads: any; calls wait for the disk, so only `changed` may be called from an event loop.
/// Errors: ErrorCode::store, saying which file and what to do.
/// Fail-closed: whoever cannot read the keys lets nobody in with one.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  /// All of them, the oldest first, with expired and revoked ones.
  virtual Result<std::vector<GatewayKey>> list() = 0;
  virtual Result<std::optional<GatewayKey>> find(const KeyHash& hash) = 0;
  /// Durable when it returns. Error also when the id or the hash is there already.
  virtual Result<void> add(const GatewayKey& key) = 0;
  /// Keys stay listed when revoked; revoking again changes nothing. Error also not_found.
  virtual Result<void> revoke(std::string_view id, WallTime now) = 0;
  /// Whether `list` would give something else than the last time it was called here, also through
  /// another process. A few microseconds: meant to be asked once a second.
  virtual Result<bool> changed() = 0;
};

}  // namespace gatehouse::auth
