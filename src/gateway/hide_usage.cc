#include "gateway/hide_usage.h"

#include <algorithm>
#include <cstring>

#include "usage/findings.h"

namespace gatehouse::gateway {
namespace {

// Longer than any event that holds usage alone: beyond it, held bytes go on as they are.
constexpr std::size_t kMaxEvent = 256 * 1024;

/// The end of the first event in `text` (behind its blank line), or npos.
std::size_t end_of_event(std::string_view text) {
  const std::size_t lf = text.find("\n\n");
  const std::size_t crlf = text.find("\r\n\r\n");
  if (lf == std::string_view::npos && crlf == std::string_view::npos) return lf;
  return lf < crlf ? lf + 2 : crlf + 4;
}

bool is_usage_alone(std::string_view event) {
  const std::string_view usage = usage::find_raw(event, "usage");
  if (!usage.starts_with('{')) return false;
  const std::string_view choices = usage::find_raw(event, "choices");
  return choices.starts_with('[') && choices.find_first_not_of(" \t\r\n", 1) == choices.size() - 1;
}

/// Cuts `"usage":null` and one comma beside it out of an event.
void append_without_null_usage(std::string_view event, std::string& out) {
  const std::string_view value = usage::find_raw(event, "usage");
  const std::size_t key = event.find(R"("usage")");
  if (value != "null" || key == std::string_view::npos) {
    out.append(event);
    return;
  }
  std::size_t begin = key;
  std::size_t end = static_cast<std::size_t>(value.data() - event.data()) + value.size();
  const std::size_t before = event.find_last_not_of(" \t", begin - 1);
  if (before != std::string_view::npos && event[before] == ',') {
    begin = before;
  } else if (end < event.size() && event[end] == ',') {
    ++end;
  }
  out.append(event.substr(0, begin)).append(event.substr(end));
}

}  // namespace

std::string UsageHider::pass(std::string_view bytes) {
  held_.append(bytes);
  std::string out;
  take_events(out);
  if (held_.size() > kMaxEvent) {
    out.append(held_);
    held_.clear();
  }
  return out;
}

void UsageHider::take_events(std::string& out) {
  std::string_view rest = held_;
  for (;;) {
    const std::size_t end = end_of_event(rest);
    if (end == std::string_view::npos) break;
    const std::string_view event = rest.substr(0, end);
    if (!is_usage_alone(event)) append_without_null_usage(event, out);
    rest.remove_prefix(end);
  }
  held_.erase(0, held_.size() - rest.size());
}

std::string UsageHider::finish() {
  std::string rest = std::move(held_);
  held_.clear();
  return rest;
}

}  // namespace gatehouse::gateway
