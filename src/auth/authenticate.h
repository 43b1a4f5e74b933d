// Who asks (wire spec: gateway authentication).
#pragma once

#include <cstdint>
#include <string_view>

#include "auth/key_cache.h"
#include "auth/key_ring.h"
#include "base/clock.h"
#include "base/result.h"
#include "exchange/principal.h"

namespace gatehouse::auth {

/// The values of the fields that may carry a key, as the client sent them; empty if absent.
struct PresentedKeys {
  std::string_view portkey_api_key{};  // x-portkey-api-key
  std::string_view authorization{};    // Authorization, with its "Bearer "
  std::string_view x_api_key{};        // x-api-key
};

enum class AuthMode : std::uint8_t {
  required,
  optional,  // who shows no key is anonymous; who shows a wrong one is still refused
};

struct AuthRules {
  AuthMode mode = AuthMode::required;
  exchange::ScopeSet anonymous{exchange::Scope::completions_write};  // in AuthMode::optional
};

/// What it means for the fields that showed a key.
struct Identity {
  // These fields hold gateway keys: they are no provider credentials and never go upstream.
  bool is_authorization_ours = false;
  bool is_x_api_key_ours = false;
};

/// The keys of a snapshot, and the calling thread's memory of them.
struct KeyLookup {
  const KeyRing& ring;
  KeyCache& cache;
};

/// x-portkey-api-key is always a gateway key. Without it, Authorization or x-api-key is one if it
/// is known, or looks like one of ours; any other value belongs to the provider. Error:
/// unauthorized. The message has the word `Unauthorized` and says what to send. About 0.1 µs for
/// texts that the cache knows. `principal`, which is empty as yet, is filled. Fails closed: no
/// ring, no entry.
Result<Identity> authenticate(KeyLookup keys, const PresentedKeys& presented,
                              const AuthRules& rules, WallTime now, exchange::Principal& principal);

/// Error: forbidden, naming the scope and how to get it.
Result<void> require_scope(const exchange::Principal& principal, exchange::Scope scope);

}  // namespace gatehouse::auth
