// UTF-8 (RFC 3629) as far as a record needs it: what is stored must be readable as JSON text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse::logs {

bool is_utf8(std::string_view text);

/// Every byte that belongs to no valid sequence becomes U+FFFD.
std::string repaired_utf8(std::string_view text);

/// The beginning of `text`, at most `limit` bytes, never ending inside a character.
std::string_view capped_utf8(std::string_view text, std::size_t limit);

}  // namespace gatehouse::logs
