// How a request proves who pays for it.
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "http/head.h"
#include "providers/provider_row.h"

namespace gatehouse::providers {

/// Adds what proves the credential to a request. Stateless, thread-safe, no I/O.
class Signer {
 public:
  virtual ~Signer() = default;
  /// Adds header fields. A row whose key is optional goes unsigned without one.
  /// Error: missing_provider_key, or unauthorized for a key that no header can carry.
  virtual Result<void> sign(const ProviderRow& row, const Secret& key,
                            http::FieldLines& fields) const = 0;
};

/// The signer of a row, for the lifetime of the program.
/// Error: capability_not_supported for a kind of signature that nobody here can make.
Result<const Signer*> signer_of(const ProviderRow& row);

}  // namespace gatehouse::providers
