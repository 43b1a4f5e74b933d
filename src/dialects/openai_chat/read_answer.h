// Reading what OpenAI-compatible providers answer. They agree on the outline and differ in details;
// all the details known are read here, whoever uses them, so that no provider needs code of its
// own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialects/dialect.h"
#include "json/value.h"
#include "llm/reply.h"

namespace gatehouse::dialects::openai_chat {

/// `usage` of an answer or a chunk, wherever it stands: `usage`, `x_groq.usage`,
/// `choices[0].usage`.
std::optional<llm::Usage> read_usage(const json::Value& answer);

/// The provider's word in the vocabulary; an unknown one is `stop`. `holds_calls` says that the
/// choice has tool calls, which some providers forget to say with their finish reason.
llm::Finish read_finish(std::string_view word, bool holds_calls);

std::vector<llm::TokenLogprob> read_logprobs(const json::Value& choice);

/// The thoughts in a message or delta: `reasoning_content`, or `reasoning`.
std::string_view read_thoughts(const json::Value& message);

/// The text and thoughts of `content` when it is a list of parts (Mistral), else of the string.
struct Content {
  std::string text;
  std::string thoughts;
};
Content read_content(const json::Value& message);

/// `arguments` as text: some providers send an object instead of its text.
std::string read_arguments(const json::Value& function);

std::vector<llm::Citation> read_annotations(const json::Value& message);

/// An error within an answer that has a success status, or nothing. Its own code counts as the
/// status if it is one.
std::optional<Error> read_error(const json::Value& answer, std::string_view provider,
                                std::string_view text);

}  // namespace gatehouse::dialects::openai_chat
