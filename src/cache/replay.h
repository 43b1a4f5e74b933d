// A kept answer as the deltas of a stream (wire spec 6.5).
#pragma once

#include <string_view>
#include <vector>

#include "llm/delta.h"
#include "llm/reply.h"

namespace gatehouse::cache {

/// In the order that llm/delta.h promises. Text comes in pieces of some 500 bytes, never cut within
/// a character.
std::vector<llm::Delta> deltas_of(const llm::Reply& reply);

/// The first piece of a text, for whoever writes a stream by himself; never empty unless the text
/// is.
std::string_view next_piece(std::string_view text);

}  // namespace gatehouse::cache
