// A conversation as Anthropic, Gemini and Bedrock see it: the system's words apart, and user and
// assistant taking turns, where the results of tools are part of the user's turn.
#pragma once

#include <cstdint>
#include <vector>

#include "llm/call.h"

namespace gatehouse::dialects {

enum class Speaker : std::uint8_t { user, assistant };

struct Turn {
  Speaker speaker = Speaker::user;
  std::vector<const llm::Block*> blocks;
};

/// The blocks of all system and developer messages, in order.
std::vector<const llm::Block*> system_blocks(const llm::Call& call);

/// The other messages; neighbours of one speaker are one turn. A turn without blocks is left out.
std::vector<Turn> turns_of(const llm::Call& call);

/// True if the last words of the assistant before the end are calls of tools that carry no signed
/// thoughts: a provider that was thinking then will not take them back while thinking is on.
bool lacks_thoughts_before_results(const std::vector<Turn>& turns);

}  // namespace gatehouse::dialects
