// Reading what Cohere answers, whole or streamed.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "llm/reply.h"

namespace gatehouse::dialects::cohere {

llm::Finish read_finish(std::string_view word);

/// The `usage` member of an answer or of message-end's delta: counted tokens, else billed ones.
std::optional<llm::Usage> read_usage(const json::Value& holder);

/// The log probabilities of a whole answer: a list of tokens with their own.
std::vector<llm::TokenLogprob> read_logprobs(const json::Value& answer);

/// One citation with its sources; those that are no web page have no address.
std::vector<llm::Citation> read_citation(const json::Value& citation);

}  // namespace gatehouse::dialects::cohere
