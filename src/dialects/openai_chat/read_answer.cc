#include "dialects/openai_chat/read_answer.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"
#include "json/scan.h"

namespace gatehouse::dialects::openai_chat {
namespace {

using llm::FinishReason;

struct Word {
  std::string_view word;
  FinishReason reason;
};

constexpr std::array kWords = {
    Word{"stop", FinishReason::stop},
    Word{"length", FinishReason::length},
    Word{"tool_calls", FinishReason::tool_calls},
    Word{"function_call", FinishReason::tool_calls},
    Word{"content_filter", FinishReason::content_filter},
    Word{"model_length", FinishReason::length},       // Mistral
    Word{"sensitive", FinishReason::content_filter},  // Zhipu
    // Those that mean `stop` in other words (eos, eos_token, stop_sequence, …) need no row.
};

constexpr int kBadGateway = 502;

const json::Value* find_usage(const json::Value& answer) {
  const auto is_object = [](const json::Value* value) {
    return value != nullptr && value->is_object();
  };
  if (const json::Value* usage = json::find(answer, "usage"); is_object(usage)) return usage;
  if (const json::Value* usage = value_at(answer, {"x_groq", "usage"}); is_object(usage))
    return usage;
  const json::Array& choices = array_at(answer, "choices");
  if (choices.empty()) return nullptr;
  const json::Value* usage = json::find(choices.front(), "usage");
  return is_object(usage) ? usage : nullptr;
}

std::optional<std::int64_t> detail(const json::Value& usage, std::string_view group,
                                   std::string_view key) {
  const json::Value* value = value_at(usage, {group, key});
  return value == nullptr ? std::nullopt : as_integer(*value);
}

void read_details(const json::Value& usage, llm::Usage& read) {
  constexpr std::string_view kPrompt = "prompt_tokens_details";
  constexpr std::string_view kCompletion = "completion_tokens_details";
  read.cached_tokens = detail(usage, kPrompt, "cached_tokens");
  if (!read.cached_tokens)
    read.cached_tokens = integer_at(usage, "prompt_cache_hit_tokens");               // DeepSeek
  if (!read.cached_tokens) read.cached_tokens = integer_at(usage, "cached_tokens");  // Moonshot
  read.cache_creation_tokens = detail(usage, kPrompt, "cache_creation_tokens");
  if (!read.cache_creation_tokens) {
    read.cache_creation_tokens = integer_at(usage, "cache_creation_input_tokens");
  }
  read.audio_prompt_tokens = detail(usage, kPrompt, "audio_tokens");
  read.reasoning_tokens = detail(usage, kCompletion, "reasoning_tokens");
  read.audio_completion_tokens = detail(usage, kCompletion, "audio_tokens");
  read.accepted_prediction_tokens = detail(usage, kCompletion, "accepted_prediction_tokens");
  read.rejected_prediction_tokens = detail(usage, kCompletion, "rejected_prediction_tokens");
}

void read_token(const json::Value& item, std::string& token, double& logprob) {
  token = text_at(item, "token");
  const json::Value* value = json::find(item, "logprob");
  if (value != nullptr) logprob = as_number(*value).value_or(0);
}

/// Mistral's thoughts: {"type":"thinking","thinking":[{"type":"text","text":…}]}
void append_thoughts(const json::Value& part, std::string& thoughts) {
  const json::Value* inner = json::find(part, "thinking");
  if (inner == nullptr) return;
  if (const json::String* text = inner->if_string()) thoughts += std::string_view(*text);
  for (const json::Value& piece : array_at(part, "thinking")) thoughts += text_at(piece, "text");
}

}  // namespace

std::optional<llm::Usage> read_usage(const json::Value& answer) {
  const json::Value* usage = find_usage(answer);
  if (usage == nullptr) return std::nullopt;
  llm::Usage read;
  read.prompt_tokens = std::max<std::int64_t>(0, integer_at(*usage, "prompt_tokens").value_or(0));
  read.completion_tokens =
      std::max<std::int64_t>(0, integer_at(*usage, "completion_tokens").value_or(0));
  read_details(*usage, read);
  // xAI counts reasoning beside the completion instead of within it; its total tells.
  const std::int64_t reasoning = read.reasoning_tokens.value_or(0);
  const std::int64_t total = integer_at(*usage, "total_tokens").value_or(0);
  if (reasoning > 0 && total == read.prompt_tokens + read.completion_tokens + reasoning) {
    read.completion_tokens += reasoning;
  }
  read.total_tokens = read.prompt_tokens + read.completion_tokens;
  return read;
}

llm::Finish read_finish(std::string_view word, bool holds_calls) {
  llm::Finish finish;
  const auto found = std::ranges::find(kWords, word, &Word::word);
  if (found != kWords.end()) finish.reason = found->reason;
  if (finish.reason == FinishReason::stop && holds_calls) finish.reason = FinishReason::tool_calls;
  if (word != llm::name_of(finish.reason)) finish.raw = word;
  return finish;
}

std::vector<llm::TokenLogprob> read_logprobs(const json::Value& choice) {
  std::vector<llm::TokenLogprob> tokens;
  const json::Value* logprobs = json::find(choice, "logprobs");
  if (logprobs == nullptr) return tokens;
  for (const json::Value& item : array_at(*logprobs, "content")) {
    llm::TokenLogprob& token = tokens.emplace_back();
    read_token(item, token.token, token.logprob);
    for (const json::Value& other : array_at(item, "top_logprobs")) {
      auto& [text, logprob] = token.top.emplace_back();
      read_token(other, text, logprob);
    }
  }
  return tokens;
}

std::string_view read_thoughts(const json::Value& message) {
  const std::string_view thoughts = text_at(message, "reasoning_content");
  return thoughts.empty() ? text_at(message, "reasoning") : thoughts;
}

Content read_content(const json::Value& message) {
  Content content{std::string(text_at(message, "content")), std::string(read_thoughts(message))};
  for (const json::Value& part : array_at(message, "content")) {
    if (text_at(part, "type") == "thinking") {
      append_thoughts(part, content.thoughts);
    } else {
      content.text += text_at(part, "text");
    }
  }
  return content;
}

std::string read_arguments(const json::Value& function) {
  const json::Value* arguments = json::find(function, "arguments");
  if (arguments == nullptr || arguments->is_null()) return {};
  if (const json::String* text = arguments->if_string()) return std::string(*text);
  return to_text(*arguments);
}

std::vector<llm::Citation> read_annotations(const json::Value& message) {
  std::vector<llm::Citation> citations;
  for (const json::Value& annotation : array_at(message, "annotations")) {
    const json::Value* described = json::find(annotation, "url_citation");
    if (described == nullptr) continue;
    citations.push_back({std::string(text_at(*described, "url")),
                         std::string(text_at(*described, "title")),
                         {},
                         integer_at(*described, "start_index"),
                         integer_at(*described, "end_index")});
  }
  return citations;
}

std::optional<Error> read_error(const json::Value& answer, std::string_view provider,
                                std::string_view text) {
  const json::Value* error = json::find(answer, "error");
  if (error == nullptr) error = value_at(answer, {"x_groq", "error"});
  if (error == nullptr || error->is_null()) {
    // MiniMax: {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}
    const json::Value* base = json::find(answer, "base_resp");
    const std::int64_t code = base == nullptr ? 0 : integer_at(*base, "status_code").value_or(0);
    if (code == 0) return std::nullopt;
    const std::string message =
        "{\"error\":{\"message\":" + json::quote(text_at(*base, "status_msg")) +
        ",\"code\":" + std::to_string(code) + "}}";
    return error_in_answer(code == 1002   ? 429
                           : code == 1004 ? 401
                                          : kBadGateway,
                           provider, message);
  }
  std::int64_t status =
      integer_at(*error, "code").value_or(integer_at(*error, "status_code").value_or(0));
  if (const auto number = parse_number<int>(text_at(*error, "code"))) status = *number;
  const bool is_status = status >= 400 && status < 600;
  return error_in_answer(is_status ? static_cast<int>(status) : kBadGateway, provider, text);
}

}  // namespace gatehouse::dialects::openai_chat
