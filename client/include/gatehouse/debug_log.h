// What the library does, for people who look for a mistake.
#pragma once

#include <functional>
#include <string_view>

#include "gatehouse/export.h"

namespace gatehouse::client {

/// Takes one line without its end. Called from any thread, one line at a time.
using DebugSink = std::function<void(std::string_view line)>;

/// From now on every request, retry and answer of the process is told to `sink`; an empty one
/// switches it off, as it is at the start. A line never holds a key: credentials are shown as
/// stars, and only header fields that are known to hold none are shown. Nor does it hold what is
/// said to a model or what it answers. Thread-safe.
GATEHOUSE_CLIENT_API void set_debug_log(DebugSink sink);

/// set_debug_log with a sink that writes to the standard error stream.
GATEHOUSE_CLIENT_API void debug_log_to_stderr();

}  // namespace gatehouse::client
