// Reading what Gemini answers: each event of a stream has the same shape as a whole answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialects/dialect.h"
#include "json/value.h"
#include "llm/reply.h"

namespace gatehouse::dialects::gemini {

/// One part as a block, or nothing if it says nothing. `call_id` is for calls that come without an
/// id.
std::optional<llm::Block> read_part(const json::Value& part, const std::string& call_id);

/// The finish of a candidate, or of an answer whose prompt was blocked.
llm::Finish read_finish(std::string_view word, bool holds_calls);

std::optional<llm::Usage> read_usage(const json::Value& answer);

std::vector<llm::TokenLogprob> read_logprobs(const json::Value& candidate);

/// The web pages that `text`, the candidate's whole text, rests on.
std::vector<llm::Citation> read_grounding(const json::Value& candidate, std::string_view text);

/// What a candidate says that no other protocol has: groundingMetadata, safetyRatings, …
std::vector<llm::RawMember> read_extras(const json::Value& candidate);

/// Why the prompt was blocked; empty if it was not.
std::string_view block_reason(const json::Value& answer);

/// The error that an answer with a success status holds, or nothing.
std::optional<Error> read_error(const json::Value& answer, std::string_view provider,
                                std::string_view text);

}  // namespace gatehouse::dialects::gemini
