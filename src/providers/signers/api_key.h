// The three signers that need the key alone.
#pragma once

#include "providers/signers/signer.h"

namespace gatehouse::providers {

/// Adds nothing: a server that takes no key.
class NoSigner final : public Signer {
 public:
  Result<void> sign(const SignInput& input, const Grant* grant,
                    http::FieldLines& fields) const override;
};

/// `Authorization: Bearer KEY` (RFC 6750).
class BearerSigner final : public Signer {
 public:
  Result<void> sign(const SignInput& input, const Grant* grant,
                    http::FieldLines& fields) const override;
};

/// The field that the row's `auth` names, with the key in the place of `{key}`.
class ApiKeyHeaderSigner final : public Signer {
 public:
  Result<void> sign(const SignInput& input, const Grant* grant,
                    http::FieldLines& fields) const override;
};

}  // namespace gatehouse::providers
