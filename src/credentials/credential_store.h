// Stored provider credentials: what clients know by a slug alone.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"

namespace gatehouse::credentials {

/// Option names ("aws-access-key-id") and what they are set to.
using CredentialFields = std::vector<std::pair<std::string, Secret>>;

struct StoredCredential {
  std::string slug;
  std::string provider;  // slug or alias of a provider
  Secret key;            // empty: the provider's environment variable
  std::string base_url;  // empty: the provider's own
  std::vector<std::pair<std::string, Secret>> headers;  // sent with every request
  CredentialFields options{};  // what a request would say in x-portkey-... fields; a client's are
                               // not looked at for these
};

/// Implementations are immutable snapshots: all functions are thread-safe and never block. There is
/// no failing: a store that cannot be read keeps the snapshot it has (fail closed: what is not in
/// it does not exist).
class CredentialStore {
 public:
  virtual ~CredentialStore() = default;

  /// The credential, or nullptr. Slugs are compared exactly. Shared, so that a request outlives a
  /// reload.
  virtual std::shared_ptr<const StoredCredential> find(std::string_view slug) const = 0;

  /// Slugs that look like `slug`, the nearest first, at most three. For error messages.
  virtual std::vector<std::string> near_slugs(std::string_view slug) const = 0;

  /// Whether a key is one that clients send when they have none ("xxx", "dummy"), or empty.
  virtual bool is_dummy(std::string_view key) const = 0;
};

}  // namespace gatehouse::credentials
