// The little JSON that a program needs around a chat: arguments of tools, and texts in schemas.
// For more, give the text to a JSON library of your choice (RFC 8259).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gatehouse/export.h"

namespace gatehouse::client {

/// The text member `name` of the JSON object `object`, with its escapes resolved. Nothing if there
/// is none, if it is no text, or if `object` is no JSON object.
GATEHOUSE_CLIENT_API std::optional<std::string> json_text_member(std::string_view object,
                                                                 std::string_view name);

/// Likewise for a member that is a number.
GATEHOUSE_CLIENT_API std::optional<double> json_number_member(std::string_view object,
                                                              std::string_view name);

/// Likewise for a member of any kind, as the JSON text that it is.
GATEHOUSE_CLIENT_API std::optional<std::string> json_member(std::string_view object,
                                                            std::string_view name);

/// `text` as a JSON string, with its quotes.
GATEHOUSE_CLIENT_API std::string json_quote(std::string_view text);

}  // namespace gatehouse::client
