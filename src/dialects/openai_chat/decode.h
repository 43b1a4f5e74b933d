// Parts of the OpenAI chat protocol's decoder of requests. Source: OpenAI API reference, "Create
// chat completion"; members beyond it (thinking, content_blocks, cache_control, file_url, …) are
// what gateways of the field accept.
#pragma once

#include <vector>

#include "dialects/json_reader.h"
#include "llm/call.h"

namespace gatehouse::dialects::openai_chat {

/// `messages`. Legacy `function` messages become tool results. Problems are reported, not returned.
std::vector<llm::Message> decode_messages(Fields& body);

/// The content of one message: a string, or a list of parts.
std::vector<llm::Block> decode_content(Fields& message, std::string_view key);

/// `tools`, `tool_choice`, `parallel_tool_calls`, and the legacy `functions` and `function_call`.
void decode_tools(Fields& body, llm::Call& call);

/// `{"type": "ephemeral", "ttl": "1h"}`
std::optional<llm::CacheControl> decode_cache_control(Fields& holder);

}  // namespace gatehouse::dialects::openai_chat
