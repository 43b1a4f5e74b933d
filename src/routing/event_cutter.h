// Cuts a text/event-stream into its events and leaves their bytes as they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::routing {

/// Ends of lines may be LF or CRLF. Beyond kLongest without an end, what was held counts as an
/// event.
class EventCutter {
 public:
  static constexpr std::size_t kLongest = 16 * 1024 * 1024;

  /// Appends whole events with their blank lines. The views live until the next call.
  void feed(std::string_view bytes, std::vector<std::string_view>& events);
  /// The beginning of an event whose end has not come.
  std::string_view rest() const { return std::string_view(held_).substr(used_); }

 private:
  std::string held_;
  std::size_t used_ = 0;  // of held_, told already
};

/// The `data` of one event, its lines joined; a view into the event when it is one line.
class EventText {
 public:
  explicit EventText(std::string_view event);
  EventText(const EventText&) = delete;
  EventText& operator=(const EventText&) = delete;
  std::string_view data() const { return is_joined_ ? std::string_view(joined_) : line_; }
  std::string_view name() const { return name_; }

 private:
  std::string_view line_;
  std::string_view name_;
  std::string joined_;
  bool is_joined_ = false;
};

}  // namespace gatehouse::routing
