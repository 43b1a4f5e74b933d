// What OAuth 2.0 token endpoints answer (RFC 6749, section 5.1).
#pragma once

#include <string_view>

#include "base/result.h"
#include "providers/signers/signer.h"

namespace gatehouse::providers {

/// `whose` names the endpoint in messages. Error: upstream_malformed.
Result<Grant> read_token_answer(std::string_view answer, std::string_view whose, WallTime now);

/// The field that carries a granted token.
void add_bearer(const Grant& grant, http::FieldLines& fields);

}  // namespace gatehouse::providers
