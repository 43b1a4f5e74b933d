// How a provider that speaks the OpenAI protocol deviates from it: a closed vocabulary of plain
// data. A provider's row says which of these it has; dialects/openai_chat/quirks.cc applies them to
// requests. A new word needs three providers that cannot do without it.
#pragma once

#include <cstdint>
#include <string_view>

#include "llm/short_list.h"

namespace gatehouse::llm {

/// The provider knows a parameter by another name. If a body has both, `from` wins.
struct Rename {
  std::string_view from;
  std::string_view to;
};

/// The provider needs a parameter that OpenAI does not: sent when the body lacks it. JSON text.
struct Default {
  std::string_view key;
  std::string_view value;
};

/// The provider has another word for a value. Both are JSON text; an empty `to` takes the parameter
/// away.
struct ValueMap {
  std::string_view key;
  std::string_view from;
  std::string_view to;
};

/// What becomes of messages with the role `developer`, which OpenAI's newer models have.
enum class DeveloperRole : std::uint8_t { becomes_system, kept };

/// How a stream comes to tell its usage.
enum class StreamUsage : std::uint8_t {
  on_request,  // with "stream_options":{"include_usage":true}, in a chunk of its own
  unasked,     // always, or never: asking changes nothing, or is refused
};

/// How events of a stream are told apart.
enum class EventEnd : std::uint8_t { blank_line, line };

struct Quirks {
  ShortList<std::string_view, 10> drop{};             // parameters that it refuses
  ShortList<std::string_view, 2> drop_in_messages{};  // members of messages that it refuses
  ShortList<Rename, 4> rename{};
  ShortList<Default, 2> defaults{};
  ShortList<ValueMap, 2> values{};
  DeveloperRole developer_role = DeveloperRole::becomes_system;
  StreamUsage stream_usage = StreamUsage::on_request;
  EventEnd event_end = EventEnd::blank_line;
};

}  // namespace gatehouse::llm
