// Text that others sent, made fit to stand in JSON.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::dialects {

/// The longest start of at most `max_bytes` that does not end within a character.
std::string_view start_of(std::string_view text, std::size_t max_bytes);

/// How many characters (code points) valid UTF-8 has.
std::size_t count_characters(std::string_view text);

/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string repaired_utf8(std::string_view text);

}  // namespace gatehouse::dialects
