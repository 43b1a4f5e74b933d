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

/// The text with its references replaced; a value is not searched again. Unexpected: what is wrong.
std::expected<std::string, std::string> interpolate(std::string_view text,
                                                    const Environment& environment);

}  // namespace gatehouse::config
