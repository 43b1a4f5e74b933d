// Messages of a client that speaks the Messages protocol.
#pragma once

#include <vector>

#include "dialects/json_reader.h"
#include "llm/call.h"

namespace gatehouse::dialects::anthropic_messages {

/// `system` and `messages`. Tool results within a user message become a message of their own, ahead
/// of what else the user says. Problems are reported, not returned.
std::vector<llm::Message> decode_conversation(Fields& body);

/// `cache_control`, where a block or tool has one.
std::optional<llm::CacheControl> decode_cache_control(Fields& holder);

}  // namespace gatehouse::dialects::anthropic_messages
