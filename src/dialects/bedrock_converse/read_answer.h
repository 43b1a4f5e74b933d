// Reading what Bedrock answers, whole or streamed.
#pragma once

#include <string_view>

#include "json/value.h"
#include "llm/reply.h"

namespace gatehouse::dialects::bedrock_converse {

llm::Finish read_finish(std::string_view word);

/// The `usage` object of an answer or of a metadata event.
llm::Usage read_usage(const json::Value& usage);

/// A source in `citationsContent`, which the text from `start` to `end` (characters) rests on.
llm::Citation read_citation(const json::Value& citation, std::size_t start, std::size_t end);

}  // namespace gatehouse::dialects::bedrock_converse
