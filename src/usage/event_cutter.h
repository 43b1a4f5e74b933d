// Most events of a stream say one word and, of all else, what the event before them said. They are
// told from the others here: a meter need not look at them, and a record need not keep all of them.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse::usage {

/// A string that a model wrote and what it stands for in an earlier event, from behind its first
/// quote to its last.
struct Written {
  std::size_t begin = 0;  // in that event
  std::size_t size = 0;   // there
  std::string_view text;
};

/// Some bytes of a stream.
struct EventPart {
  std::string_view bytes;
  /// They are a whole event, and the last part that was not alike becomes it when these strings are
  /// put in their places, the first one first. Then that part was a whole event, too.
  bool is_alike = false;
  std::span<const Written> written;  // until the next part is cut
};

/// Cuts a stream into its events, and where they came in pieces into those. One thread at a time.
class EventCutter {
 public:
  /// Takes a part off the front of the bytes, which are not empty.
  EventPart next(std::string_view& bytes);
  /// Whether the last part ended an event, or there was none yet.
  bool is_between_events() const { return is_between_events_; }

 private:
  struct Extent {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  void remember(std::string_view event);
  void keep_tail(std::string_view part);
  std::size_t match(std::string_view bytes);
  const Extent* find_written(std::size_t at, std::size_t same);

  bool is_between_events_ = true;
  std::array<char, 2> tail_{};  // the last bytes of an event whose end has not come
  std::size_t tail_size_ = 0;
  int unlike_ = 0;     // events in a row like none before them
  std::string event_;  // the one that others may be like; empty if there is none
  std::size_t known_count_ = 0;
  std::size_t written_count_ = 0;
  std::array<Extent, 3> known_{};  // strings in it that a model wrote
  std::array<Written, 3> written_{};
};

}  // namespace gatehouse::usage
