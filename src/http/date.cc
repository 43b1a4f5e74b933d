#include "http/date.h"

#include <array>
#include <ctime>

#include "async/loop.h"

namespace gatehouse::http {

std::string_view current_http_date() {
  thread_local std::time_t made_for = -1;
  thread_local std::array<char, 32> text;
  thread_local std::size_t size = 0;
  thread_local MonotonicTime looked{};
  const MonotonicTime now = async::Loop::current().now();
  if (made_for != -1 && now - looked < std::chrono::milliseconds{500}) return {text.data(), size};
  looked = now;
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(
                                  async::Loop::current().clock().wall().time_since_epoch())
                                  .count();
  if (seconds != made_for) {
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    made_for = seconds;
  }
  return {text.data(), size};
}

}  // namespace gatehouse::http
