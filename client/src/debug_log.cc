#include "client/src/debug_log.h"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <utility>

namespace gatehouse::client {
namespace {

struct Log {
  std::mutex mutex;
  DebugSink sink;
  std::atomic<bool> is_on{false};
};

Log& log_of_this_process() {
  static Log log;
  return log;
}

}  // namespace

void set_debug_log(DebugSink sink) {
  Log& log = log_of_this_process();
  const std::lock_guard lock(log.mutex);
  log.sink = std::move(sink);
  log.is_on = static_cast<bool>(log.sink);
}

void debug_log_to_stderr() {
  set_debug_log([](std::string_view line) {
    const std::string text = "gatehouse: " + std::string(line) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
  });
}

bool is_debugging() { return log_of_this_process().is_on.load(std::memory_order_relaxed); }

void debug(const std::string& line) {
  Log& log = log_of_this_process();
  const std::lock_guard lock(log.mutex);
  if (log.sink) log.sink(line);
}

}  // namespace gatehouse::client
