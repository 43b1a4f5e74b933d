#include "dialects/anthropic_messages/read_answer.h"

#include <algorithm>
#include <array>

#include "dialects/json_reader.h"

namespace gatehouse::dialects::anthropic_messages {
namespace {

using llm::FinishReason;

struct Word {
  std::string_view word;
  FinishReason reason;
};
constexpr std::array kWords = {
    Word{"end_turn", FinishReason::stop},
    Word{"stop_sequence", FinishReason::stop},
    Word{"pause_turn", FinishReason::stop},
    Word{"max_tokens", FinishReason::length},
    Word{"model_context_window_exceeded", FinishReason::length},
    Word{"tool_use", FinishReason::tool_calls},
    Word{"refusal", FinishReason::content_filter},
};

void overwrite(std::optional<std::int64_t>& count, const json::Value& usage, std::string_view key) {
  if (const auto given = integer_at(usage, key)) count = std::max<std::int64_t>(0, *given);
}

}  // namespace

llm::Finish read_finish(const json::Value& holder) {
  llm::Finish finish;
  finish.raw = text_at(holder, "stop_reason");
  finish.stop_sequence = text_at(holder, "stop_sequence");
  const auto found = std::ranges::find(kWords, finish.raw, &Word::word);
  if (found != kWords.end()) finish.reason = found->reason;
  return finish;
}

void read_usage(const json::Value& usage, llm::Usage& read) {
  // Anthropic counts what went through the cache beside input_tokens; here the prompt is all of it.
  const std::int64_t cached_before =
      read.cached_tokens.value_or(0) + read.cache_creation_tokens.value_or(0);
  std::optional<std::int64_t> input = read.prompt_tokens - cached_before;
  std::optional<std::int64_t> output = read.completion_tokens;
  overwrite(input, usage, "input_tokens");
  overwrite(output, usage, "output_tokens");
  overwrite(read.cached_tokens, usage, "cache_read_input_tokens");
  overwrite(read.cache_creation_tokens, usage, "cache_creation_input_tokens");
  if (const json::Value* kept = json::find(usage, "cache_creation")) {
    overwrite(read.cache_creation_1h_tokens, *kept, "ephemeral_1h_input_tokens");
  }
  if (const json::Value* tools = json::find(usage, "server_tool_use")) {
    overwrite(read.web_search_requests, *tools, "web_search_requests");
  }
  read.prompt_tokens =
      *input + read.cached_tokens.value_or(0) + read.cache_creation_tokens.value_or(0);
  read.completion_tokens = *output;
  read.total_tokens = read.prompt_tokens + read.completion_tokens;
}

llm::Citation read_citation(const json::Value& citation, std::size_t start, std::size_t end) {
  std::string_view title = text_at(citation, "title");
  if (title.empty()) title = text_at(citation, "document_title");
  return {std::string(text_at(citation, "url")), std::string(title),
          std::string(text_at(citation, "cited_text")), static_cast<std::int64_t>(start),
          static_cast<std::int64_t>(end)};
}

}  // namespace gatehouse::dialects::anthropic_messages
