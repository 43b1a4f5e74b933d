// Credentials of Google Cloud: an access token as it is, or a service account whose private key
// signs a JWT that Google's token endpoint exchanges for one ("Using OAuth 2.0 for server to server
// applications"; RFC 7523).
#pragma once

#include "providers/signers/signer.h"

namespace gatehouse::providers {

/// The JSON that Google gives for a service account. A key that is a JSON object is one too.
inline constexpr std::string_view kServiceAccount = "vertex-service-account-json";

class GoogleSigner final : public Signer {
 public:
  std::string grant_id(const SignInput& input) const override;
  Result<GrantCall> grant_call(const SignInput& input) const override;
  Result<Grant> read_grant(std::string_view answer, WallTime now) const override;
  Result<void> sign(const SignInput& input, const Grant* grant,
                    http::FieldLines& fields) const override;
};

/// The project that a service account belongs to; empty if the text tells none.
std::string project_of_service_account(std::string_view json);

}  // namespace gatehouse::providers
