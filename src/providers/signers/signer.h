// How a request proves who pays for it.
//
// Protocol of use: ask `grant_id`. If it gives one, find a Grant under that id, or get one: send
// `grant_call`, hand the answer to `read_grant`, keep what it gives until it expires. Then `sign`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "exchange/credential_option.h"
#include "http/head.h"
#include "providers/options.h"
#include "providers/provider_row.h"
#include "providers/upstream_url.h"

namespace gatehouse::providers {

/// A request that is complete but for its proof. Views that outlive the call they are given to.
struct SignInput {
  const ProviderRow& row;
  const Secret& key;       // may be empty
  const Options& options;  // the other parts of the credential, and a region
  std::string_view method;
  const UpstreamUrl& url;
  std::span<const std::string_view> body;  // pieces of one text
  WallTime now{};
  const ModelFamily* family = nullptr;

  /// The row's `auth`, or that of the model's family.
  std::string_view auth() const {
    return family != nullptr && !family->auth.empty() ? family->auth : row.auth;
  }
};

/// A credential for a while, bought with a lasting one.
struct Grant {
  Secret token;      // a bearer token, or an AWS session token
  Secret key_id;     // AWS
  Secret secret;     // AWS
  WallTime expires;  // refresh before this
};

/// The request that buys a grant.
struct GrantCall {
  UpstreamUrl url;
  http::FieldLines fields;
  std::string body;  // POST
};

/// Adds what proves the credential to a request. Stateless, thread-safe, no I/O.
class Signer {
 public:
  virtual ~Signer() = default;

  /// Names the grant that this credential needs first; empty if it needs none. A digest of the
  /// whole credential, so that nobody is served with a grant that another secret bought.
  virtual std::string grant_id(const SignInput& /*input*/) const { return {}; }
  /// Error: unauthorized or missing_provider_key, naming the part that is missing or malformed.
  virtual Result<GrantCall> grant_call(const SignInput& input) const;
  /// `answer` is the body of a success. Error: upstream_malformed.
  virtual Result<Grant> read_grant(std::string_view answer, WallTime now) const;

  /// Adds header fields. A row whose key is optional goes unsigned without one. `grant` is what
  /// `grant_id` asked for, else nullptr.
  /// Error: missing_provider_key, or unauthorized for a key that no header can carry.
  virtual Result<void> sign(const SignInput& input, const Grant* grant,
                            http::FieldLines& fields) const = 0;
};

/// The signer of a row, for the lifetime of the program.
/// Error: capability_not_supported for a kind of signature that nobody here can make.
Result<const Signer*> signer_of(const ProviderRow& row);

/// The options that a signer reads beside the key; none for those that need the key alone.
std::span<const exchange::CredentialOption> credential_options(SignerId signer);

/// The key without the blanks around it (a line end from a secret's file); may be empty.
/// Error: unauthorized for a key that no header can carry.
Result<std::string_view> clean_key(const ProviderRow& row, const Secret& key);

/// clean_key, and an error (missing_provider_key) for an empty one where a key is needed.
Result<std::string_view> usable_key(const ProviderRow& row, const Secret& key);

}  // namespace gatehouse::providers
