// Server-sent events, by the grammar of the WHATWG HTML standard, section 9.2.6:
// lines end with CR, LF or CRLF; a blank line ends an event; several `data` lines are joined with
// LF; a line that starts with a colon is a comment; one byte order mark at the start is ignored.
// One liberty is taken, since servers do it: an event that the end of the body cuts off before its
// blank line is still an event.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "http/framing/frame.h"

namespace gatehouse::http {

class SseParser final : public FrameParser {
 public:
  explicit SseParser(SseFlavour flavour = SseFlavour::standard,
                     std::size_t max_event_bytes = kMaxFrameBytes)
      : flavour_(flavour), max_event_bytes_(max_event_bytes) {}

  Result<void> feed(std::string_view bytes, std::vector<Frame>& out) override;
  Result<void> finish(std::vector<Frame>& out) override;

  /// The last `id` that the stream set, for a client that wants to reconnect.
  const std::string& last_event_id() const { return last_event_id_; }
  /// The last `retry` that the stream set.
  std::optional<std::chrono::milliseconds> reconnection_time() const { return reconnection_time_; }
  /// Lines that are no field of the grammar: ignored, as it says, but counted.
  std::size_t malformed_lines() const { return malformed_lines_; }

 private:
  /// Text of an event that is not complete: a view into the bytes being fed while that is enough,
  /// a string of its own once it must outlive them or is joined from several lines.
  struct Pending {
    std::string_view view;
    std::string owned;
    bool is_set = false;
    bool is_owned = false;

    std::string_view text() const { return is_owned ? std::string_view(owned) : view; }
    void set(std::string_view value);
    void append_line(std::string_view value);
    void keep();
    void clear();
  };

  void take_line(std::string_view line, std::vector<Frame>& out);
  void take_field(std::string_view name, std::string_view value, std::vector<Frame>& out);
  void take_comment(std::string_view text, std::vector<Frame>& out);
  void dispatch(std::vector<Frame>& out);
  std::string_view release(Pending& pending);
  std::size_t pending_bytes() const;

  SseFlavour flavour_;
  std::size_t max_event_bytes_;
  std::string line_;  // the start of a line whose end has not arrived
  Pending data_;
  Pending name_;
  std::deque<std::string> released_;  // text of frames that were not whole in the bytes fed
  std::string last_event_id_;
  std::optional<std::chrono::milliseconds> reconnection_time_;
  std::size_t malformed_lines_ = 0;
  bool is_first_line_ = true;
  bool skips_line_feed_ = false;  // the last byte fed was a CR
};

}  // namespace gatehouse::http
