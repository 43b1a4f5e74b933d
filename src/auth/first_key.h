// The key of a new data folder, which may do everything.
#pragma once

#include <cstdint>
#include <optional>

#include "auth/key_store.h"
#include "base/clock.h"
#include "base/secret.h"

namespace gatehouse::auth {

struct FirstKey {
  enum class Outcome : std::uint8_t {
    existed,            // the folder has keys already, nothing was done
    existed_env_other,  // so, and the environment's key is none of them: it has no effect
    from_environment,   // the environment's key was stored
    generated,          // a new key was made: show `text`, it cannot be shown again
  };
  Outcome outcome = Outcome::existed;
  std::optional<Secret> text;  // only when generated
};

/// Gives a folder without any key its first one: `from_env` (GATEHOUSE_ADMIN_KEY) if it is given, a
/// new one otherwise. Errors: store, invalid_config when `from_env` cannot stand in a header.
Result<FirstKey> ensure_first_key(KeyStore& store, const std::optional<Secret>& from_env,
                                  const Clock& clock);

}  // namespace gatehouse::auth
