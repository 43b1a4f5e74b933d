#include "routing/event_cutter.h"

#include <algorithm>

namespace gatehouse::routing {
namespace {

/// Behind the blank line that ends the first event; npos while there is none.
std::size_t end_of_event(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (text.substr(at + 1).starts_with('\n')) return at + 2;
    if (text.substr(at + 1).starts_with("\r\n")) return at + 3;
  }
  return std::string_view::npos;
}

}  // namespace

void EventCutter::feed(std::string_view bytes, std::vector<std::string_view>& events) {
  held_.erase(0, used_);
  held_.append(bytes);
  used_ = 0;
  const std::string_view all = held_;
  for (;;) {
    const std::size_t end = end_of_event(all.substr(used_));
    if (end == std::string_view::npos) break;
    events.push_back(all.substr(used_, end));
    used_ += end;
  }
  if (all.size() - used_ <= kLongest) return;
  events.push_back(all.substr(used_));
  used_ = all.size();
}

EventText::EventText(std::string_view event) {
  std::size_t lines = 0;
  while (!event.empty()) {
    const std::size_t end = event.find('\n');
    std::string_view line = event.substr(0, end);
    event.remove_prefix(std::min(event.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value =
        colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") name_ = value;
    if (field != "data") continue;
    if (lines++ == 0) {
      line_ = value;
    } else {
      if (!is_joined_) joined_ = line_;
      is_joined_ = true;
      joined_.append("\n").append(value);
    }
  }
}

}  // namespace gatehouse::routing
