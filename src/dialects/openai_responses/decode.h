// Parts of the decoder of requests.
#pragma once

#include <vector>

#include "dialects/json_reader.h"
#include "llm/call.h"

namespace gatehouse::dialects::openai_responses {

/// `instructions` and `input` as messages. Items of one assistant turn (thoughts, a message, calls)
/// become one message. Problems are reported, not returned.
std::vector<llm::Message> decode_input(Fields& body);

/// `tools`, `tool_choice`, `parallel_tool_calls`.
void decode_tools(Fields& body, llm::Call& call);

}  // namespace gatehouse::dialects::openai_responses
