// Credentials of AWS: a Bedrock API key as a bearer token, or an access key that signs (sigv4.h).
// With a role to be assumed, the access key only buys temporary ones from STS (API reference,
// AssumeRole, version 2011-06-15). The row's `auth` is the name of the service in the signature.
#pragma once

#include "providers/signers/signer.h"

namespace gatehouse::providers {

inline constexpr std::string_view kAwsKeyId = "aws-access-key-id";
inline constexpr std::string_view kAwsSecret = "aws-secret-access-key";
inline constexpr std::string_view kAwsSession = "aws-session-token";
inline constexpr std::string_view kAwsRole = "aws-role-arn";
inline constexpr std::string_view kAwsExternalId = "aws-external-id";
inline constexpr std::string_view kAwsRegion = "aws-region";
inline constexpr std::string_view kAwsStsUrl = "aws-sts-url";  // instead of the region's own

class AwsSigner final : public Signer {
 public:
  std::string grant_id(const SignInput& input) const override;
  Result<GrantCall> grant_call(const SignInput& input) const override;
  Result<Grant> read_grant(std::string_view answer, WallTime now) const override;
  Result<void> sign(const SignInput& input, const Grant* grant,
                    http::FieldLines& fields) const override;
};

}  // namespace gatehouse::providers
