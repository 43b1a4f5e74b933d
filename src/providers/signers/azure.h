// Credentials of Azure: a key in the field that the row's `auth` names, a token of Entra ID as it
// is, or a client of Entra ID whose secret buys one (OAuth 2.0 client credentials, RFC 6749 section
// 4.4).
#pragma once

#include "providers/signers/signer.h"

namespace gatehouse::providers {

inline constexpr std::string_view kEntraClient = "azure-entra-client-id";
inline constexpr std::string_view kEntraSecret = "azure-entra-client-secret";
inline constexpr std::string_view kEntraTenant = "azure-entra-tenant-id";
inline constexpr std::string_view kEntraScope = "azure-entra-scope";
inline constexpr std::string_view kAzureToken = "azure-ad-token";
inline constexpr std::string_view kAuthorityHost = "azure-authority-host";  // of national clouds

class AzureSigner final : public Signer {
 public:
  std::string grant_id(const SignInput& input) const override;
  Result<GrantCall> grant_call(const SignInput& input) const override;
  Result<Grant> read_grant(std::string_view answer, WallTime now) const override;
  Result<void> sign(const SignInput& input, const Grant* grant,
                    http::FieldLines& fields) const override;
};

}  // namespace gatehouse::providers
