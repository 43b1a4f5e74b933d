// What a question means, apart from everything about it that must be the same (wire spec 3.6).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "exchange/exchange.h"

namespace gatehouse::cache {

struct SemanticQuestion {
  std::string text;  // what the user says: this is compared by its meaning
  std::string rest;  // everything else, canonical: this must be the same to the byte
};

/// Only chat and text completions, of at most four messages of which one at least is the user's,
/// with a text that is neither empty nor longer than an embedding model takes (8,191 tokens, taken
/// as four bytes each). Nothing for any other request: it is looked up by its key alone.
///
/// `rest` holds the system prompt, the model's own turns, tools, pictures and parameters. It also
/// holds the numbers that stand in the text, in their order: vectors hardly tell "what is 2+2" from
/// "what is 2+3".
std::optional<SemanticQuestion> read_semantic_question(exchange::Endpoint endpoint,
                                                       std::string_view body);

}  // namespace gatehouse::cache
