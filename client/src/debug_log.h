// The debug log from inside.
#pragma once

#include <string>

#include "gatehouse/debug_log.h"

namespace gatehouse::client {

/// Ask before building a line that costs something.
bool is_debugging();
/// One line; the caller has taken the secrets out.
void debug(const std::string& line);

}  // namespace gatehouse::client
