// The hashes and signatures that signers are made of.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gatehouse::providers {

/// SHA-256 of the pieces as one text: 32 bytes.
std::string sha256(std::span<const std::string_view> pieces);
inline std::string sha256(std::string_view text) { return sha256(std::span(&text, 1)); }

/// HMAC-SHA256 (RFC 2104): 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

/// Lower-case hex.
std::string to_hex(std::string_view bytes);

/// Base64 of RFC 4648 section 5, without padding, as a JWT wants it.
std::string to_base64url(std::string_view bytes);

/// Names a list of secrets without telling them: no other list has the same name.
std::string name_of_secrets(std::initializer_list<std::string_view> parts);

/// RSASSA-PKCS1-v1_5 with SHA-256 (RS256 of RFC 7518). `private_key` is PEM.
/// Error: unauthorized for a key that cannot be read.
Result<std::string> sign_rs256(std::string_view private_key, std::string_view text);

}  // namespace gatehouse::providers
