// The process log: what an operator reads on stderr. Not the record of requests (logs/).
// main/ gives it a sink; until then nothing is said. Thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse {

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };

using LogSink = void (*)(LogLevel level, std::string_view message);

/// Both may be called again at any time.
void set_log_sink(LogSink sink);
void set_log_level(LogLevel level);

/// Ask before building a message that costs something.
bool is_logged(LogLevel level);
/// The message must hold no secret; control characters are escaped by the sink.
void log(LogLevel level, std::string_view message);

}  // namespace gatehouse
