// Putting an answer together from its pieces.
#pragma once

#include <optional>

#include "gatehouse/response.h"
#include "http/head.h"
#include "llm/delta.h"

namespace gatehouse::client {

/// Whether the caller asked with `functions`: then a call is the answer's function_call.
enum class Calling : std::uint8_t { tools, functions };

/// The parts of an answer that its head tells.
LLMResponse response_of(const http::ResponseHead& head);

Usage usage_of(const llm::Usage& usage);

/// Takes one delta into the answer. What it adds for those who listen, if anything. Only the first
/// choice counts: nobody asks for more.
std::optional<ChatDelta> take(llm::Delta delta, LLMResponse& answer);

/// Takes a whole reply into the answer.
void take(llm::Reply reply, LLMResponse& answer);

/// The last touch, when all has been taken.
void finish(LLMResponse& answer, Calling calling);

}  // namespace gatehouse::client
