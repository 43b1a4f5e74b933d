#include "dialects/cohere/read_answer.h"

#include <algorithm>

#include "dialects/json_reader.h"

namespace gatehouse::dialects::cohere {

llm::Finish read_finish(std::string_view word) {
  llm::Finish finish;
  finish.raw = word;
  if (word == "MAX_TOKENS") finish.reason = llm::FinishReason::length;
  if (word == "TOOL_CALL") finish.reason = llm::FinishReason::tool_calls;
  return finish;  // COMPLETE, STOP_SEQUENCE, ERROR, TIMEOUT are `stop`
}

std::optional<llm::Usage> read_usage(const json::Value& holder) {
  const json::Value* usage = json::find(holder, "usage");
  if (usage == nullptr || !usage->is_object()) return std::nullopt;
  const auto count = [&](std::string_view key) -> std::int64_t {
    for (const std::string_view group : {"tokens", "billed_units"}) {
      const json::Value* value = value_at(*usage, {group, key});
      const auto number = value == nullptr ? std::nullopt : as_number(*value);  // some come as 12.0
      if (number) return std::max<std::int64_t>(0, static_cast<std::int64_t>(*number));
    }
    return 0;
  };
  llm::Usage read;
  read.prompt_tokens = count("input_tokens");
  read.completion_tokens = count("output_tokens");
  read.total_tokens = read.prompt_tokens + read.completion_tokens;
  read.cached_tokens = integer_at(*usage, "cached_tokens");
  return read;
}

std::vector<llm::TokenLogprob> read_logprobs(const json::Value& answer) {
  std::vector<llm::TokenLogprob> tokens;
  for (const json::Value& item : array_at(answer, "logprobs")) {
    const json::Array& numbers = array_at(item, "logprobs");
    llm::TokenLogprob& token = tokens.emplace_back();
    token.token = text_at(item, "text");
    for (const json::Value& number : numbers) token.logprob += as_number(number).value_or(0);
  }
  return tokens;
}

std::vector<llm::Citation> read_citation(const json::Value& citation) {
  std::vector<llm::Citation> citations;
  for (const json::Value& source : array_at(citation, "sources")) {
    const json::Value* document = json::find(source, "document");
    if (document == nullptr) continue;
    citations.push_back({std::string(text_at(*document, "url")),
                         std::string(text_at(*document, "title")),
                         std::string(text_at(citation, "text")), integer_at(citation, "start"),
                         integer_at(citation, "end")});
  }
  return citations;
}

}  // namespace gatehouse::dialects::cohere
