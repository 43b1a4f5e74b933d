// Reading what Claude answers, whole or streamed.
#pragma once

#include <string_view>

#include "json/value.h"
#include "llm/reply.h"

namespace gatehouse::dialects::anthropic_messages {

/// `stop_reason` and `stop_sequence` of a message or of a message_delta's delta.
llm::Finish read_finish(const json::Value& holder);

/// Adds what a `usage` object says to what is known: in a stream it comes in two parts.
void read_usage(const json::Value& usage, llm::Usage& read);

/// A source that the text from `start` to `end` (characters of the whole answer) rests on.
llm::Citation read_citation(const json::Value& citation, std::size_t start, std::size_t end);

}  // namespace gatehouse::dialects::anthropic_messages
