// Some providers repeat the credential that they refuse. One that is not the client's own stays
// with us, whatever parts it has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "gateway/resolve.h"

namespace gatehouse::gateway {

/// What must not be told of a call's credential: the key, each secret part, each secret within a
/// part that is JSON (a service account), and the token that was bought with them, out of the
/// lines of the fields that were sent. Empty for a credential of the client's own.
std::vector<Secret> secrets_of(const Target& target, std::string_view sent_fields);

/// The text with stars in the place of each secret, as it stands or as a JSON string holds it.
std::string without_secrets(std::string text, const std::vector<Secret>& secrets);

}  // namespace gatehouse::gateway
