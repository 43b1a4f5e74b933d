// What one event of a streamed answer means for the question whether the answer has begun, goes on,
// or has ended.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "routing/caller.h"

namespace gatehouse::routing {

struct EventMeaning {
  bool is_empty = false;      // no data: a comment, a ping
  bool is_malformed = false;  // data that is not what the protocol promises
  bool is_semantic = false;   // says something of the answer; a role alone or a ping does not
  bool is_finish = false;     // the answer is whole: a finish reason, or the dialect's last event
  bool is_done = false;       // `[DONE]`, or the dialect's last event
  bool is_plain = true;       // nothing but text of the first choice
  std::optional<std::string> error;  // the message of an error told within the stream
  std::string text;                  // of the first choice, of a chat
  std::string_view content;          // the raw JSON of that text, a view into the data; empty: none
  std::string_view id;               // the raw JSON of the chunk's id, likewise
};

EventMeaning meaning_of(std::string_view event_name, std::string_view data, EventShape shape);

}  // namespace gatehouse::routing
