#include "dialects/bedrock_converse/read_answer.h"

#include <algorithm>
#include <array>

#include "dialects/json_reader.h"

namespace gatehouse::dialects::bedrock_converse {
namespace {

using llm::FinishReason;

struct Word {
  std::string_view word;
  FinishReason reason;
};
constexpr std::array kWords = {
    Word{"max_tokens", FinishReason::length},
    Word{"model_context_window_exceeded", FinishReason::length},
    Word{"tool_use", FinishReason::tool_calls},
    Word{"guardrail_intervened", FinishReason::content_filter},
    Word{"content_filtered", FinishReason::content_filter},
    // end_turn and stop_sequence are `stop`.
};

}  // namespace

llm::Finish read_finish(std::string_view word) {
  llm::Finish finish;
  finish.raw = word;
  const auto found = std::ranges::find(kWords, word, &Word::word);
  if (found != kWords.end()) finish.reason = found->reason;
  return finish;
}

llm::Usage read_usage(const json::Value& usage) {
  const auto count = [&](std::string_view key) {
    return std::max<std::int64_t>(0, integer_at(usage, key).value_or(0));
  };
  llm::Usage read;
  read.cached_tokens = integer_at(usage, "cacheReadInputTokens");
  read.cache_creation_tokens = integer_at(usage, "cacheWriteInputTokens");
  for (const json::Value& detail : array_at(usage, "cacheDetails")) {
    if (text_at(detail, "ttl") == "1h")
      read.cache_creation_1h_tokens = integer_at(detail, "inputTokens");
  }
  read.prompt_tokens =
      count("inputTokens") + count("cacheReadInputTokens") + count("cacheWriteInputTokens");
  read.completion_tokens = count("outputTokens");
  read.total_tokens = read.prompt_tokens + read.completion_tokens;
  return read;
}

llm::Citation read_citation(const json::Value& citation, std::size_t start, std::size_t end) {
  const json::Value* url = value_at(citation, {"location", "web", "url"});
  llm::Citation read;
  if (url != nullptr && url->is_string()) read.url = std::string(*url->if_string());
  read.title = text_at(citation, "title");
  for (const json::Value& content : array_at(citation, "sourceContent")) {
    read.quote += text_at(content, "text");
  }
  read.start = static_cast<std::int64_t>(start);
  read.end = static_cast<std::int64_t>(end);
  return read;
}

}  // namespace gatehouse::dialects::bedrock_converse
