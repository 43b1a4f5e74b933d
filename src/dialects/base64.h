// Base64 (RFC 4648, section 4), as data URLs and provider bodies carry it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::dialects {

std::string encode_base64(std::string_view bytes);

/// The bytes, or nothing if the text is not base64. Padding may be missing.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace gatehouse::dialects
