// Environment variables inside the values of gatehouse.yaml.
//   ${NAME}            the variable; an error when it is not set
//   ${NAME:-default}   the default when it is not set or empty, as in a shell
//   $${NAME}           the text ${NAME} itself
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "config/environment.h"

namespace gatehouse::config {

/// YAML takes the braces of a reference inside `{...}` for its own. So they are veiled before a
/// text is parsed, and unveiled in each value that comes out. A reference ends on its line.
std::string veil_references(std::string_view text);
std::string unveil_references(std::string_view text);

/// The text with its references replaced; a value is not searched again. Unexpected: what is wrong.
std::expected<std::string, std::string> interpolate(std::string_view text,
                                                    const Environment& environment);

}  // namespace gatehouse::config
