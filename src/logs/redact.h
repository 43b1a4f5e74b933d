// Keeps credentials out of the record. Provider keys travel in headers, but also in bodies: inline
// configs, tool definitions with an `authorization` of their own, service accounts.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "logs/log_record.h"

namespace gatehouse::logs {

/// The first two and the last three characters of a long secret, otherwise stars alone.
std::string masked_secret(std::string_view secret);

/// Masks the values of headers with credential names (credential_scan.h), of `sensitive` ones
/// (lower case; the client's x-portkey-sensitive-headers), and the credential fields inside values
/// that are JSON.
void redact_headers(Pairs& headers, std::span<const std::string_view> sensitive = {});

/// Masks the string values of known credential fields ("api_key", "authorization", "client_secret",
/// ...) in JSON text, wherever they stand. The text may be cut off anywhere. Prompts stay as they
/// are: what stands inside a JSON string is no field.
void redact_body(std::string& body);

/// Headers and bodies of a record.
void redact(LogRecord& record);

}  // namespace gatehouse::logs
