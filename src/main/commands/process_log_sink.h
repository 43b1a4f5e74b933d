// The process log on stderr.
#pragma once

#include "base/process_log.h"

namespace gatehouse::commands {

/// Lines with time and level; from here on `log()` writes there.
void start_process_log(LogLevel level);

}  // namespace gatehouse::commands
