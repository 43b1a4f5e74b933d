// Reading what a provider of the Responses protocol answers, whole or streamed.
#pragma once

#include <optional>
#include <vector>

#include "dialects/dialect.h"
#include "json/value.h"
#include "llm/reply.h"

namespace gatehouse::dialects::openai_responses {

/// The finish of a response object whose output is known.
llm::Finish read_finish(const json::Value& response, bool holds_calls);

std::optional<llm::Usage> read_usage(const json::Value& response);

llm::Citation read_citation(const json::Value& annotation);
std::vector<llm::TokenLogprob> read_logprobs(const json::Value& holder);

/// The blocks of one element of `output`. Texts come with citations, not with log probabilities.
std::vector<llm::Block> read_item(const json::Value& item);

/// The error of a response whose status is `failed`, or nothing.
std::optional<Error> read_failure(const json::Value& response, std::string_view provider,
                                  std::string_view text);

}  // namespace gatehouse::dialects::openai_responses
