#include "base/process_log.h"

#include <atomic>

namespace gatehouse {
namespace {
std::atomic<LogSink> current_sink{nullptr};
std::atomic<LogLevel> current_level{LogLevel::info};
}  // namespace

void set_log_sink(LogSink sink) { current_sink.store(sink); }
void set_log_level(LogLevel level) { current_level.store(level); }

bool is_logged(LogLevel level) { return level >= current_level.load(std::memory_order_relaxed); }

void log(LogLevel level, std::string_view message) {
  const LogSink sink = current_sink.load(std::memory_order_relaxed);
  if (sink != nullptr && is_logged(level)) sink(level, message);
}

}  // namespace gatehouse
