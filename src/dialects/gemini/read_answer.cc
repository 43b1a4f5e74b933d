#include "dialects/gemini/read_answer.h"

#include <algorithm>
#include <array>

#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"
#include "dialects/media.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects::gemini {
namespace {

using llm::FinishReason;

struct Word {
  std::string_view word;
  FinishReason reason;
};
constexpr std::array kWords = {
    Word{"MAX_TOKENS", FinishReason::length},
    Word{"SAFETY", FinishReason::content_filter},
    Word{"BLOCKLIST", FinishReason::content_filter},
    Word{"PROHIBITED_CONTENT", FinishReason::content_filter},
    Word{"SPII", FinishReason::content_filter},
    Word{"LANGUAGE", FinishReason::content_filter},
    Word{"IMAGE_SAFETY", FinishReason::content_filter},
    Word{"IMAGE_PROHIBITED_CONTENT", FinishReason::content_filter},
    // STOP, RECITATION, OTHER, MALFORMED_FUNCTION_CALL, … are `stop`.
};

constexpr std::array<std::string_view, 5> kExtras = {"groundingMetadata", "safetyRatings",
                                                     "citationMetadata", "urlContextMetadata",
                                                     "finishMessage"};

llm::Block read_call(const json::Value& part, const json::Value& function,
                     const std::string& call_id) {
  const std::string_view id = text_at(function, "id");
  const json::Value* arguments = json::find(function, "args");
  llm::ToolCall call;
  call.id = id.empty() ? call_id : std::string(id);
  call.name = text_at(function, "name");
  call.arguments = arguments == nullptr || arguments->is_null() ? "{}" : to_text(*arguments);
  call.signature = text_at(part, "thoughtSignature");
  return {std::move(call), {}};
}

llm::Block read_media(const json::Value& inline_data) {
  std::string type(text_at(inline_data, "mimeType"));
  llm::Media source{llm::Media::Kind::base64, std::string(text_at(inline_data, "data")), type};
  if (is_image(type) || !type.starts_with("audio/")) return {llm::Image{std::move(source), {}}, {}};
  return {llm::Audio{std::move(source), std::string(audio_format_of_type(type))}, {}};
}

/// Code that Gemini wrote and ran itself is shown as the text it would be in an answer.
std::string fenced(std::string_view language, std::string_view code) {
  std::string text = "\n```" + std::string(language) + "\n" + std::string(code);
  if (!text.ends_with('\n')) text += '\n';
  return text + "```\n";
}

std::optional<std::int64_t> audio_tokens(const json::Value& usage, std::string_view key) {
  std::optional<std::int64_t> sum;
  for (const json::Value& detail : array_at(usage, key)) {
    if (text_at(detail, "modality") != "AUDIO") continue;
    sum = sum.value_or(0) + integer_at(detail, "tokenCount").value_or(0);
  }
  return sum;
}

llm::TokenLogprob read_token(const json::Value& candidate) {
  const json::Value* logprob = json::find(candidate, "logProbability");
  return {std::string(text_at(candidate, "token")),
          logprob == nullptr ? 0 : as_number(*logprob).value_or(0),
          {}};
}

/// Google counts bytes of UTF-8, OpenAI characters.
std::int64_t characters_before(std::string_view text, std::int64_t bytes) {
  const auto length =
      std::min(text.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, bytes)));
  return static_cast<std::int64_t>(count_characters(text.substr(0, length)));
}

}  // namespace

std::optional<llm::Block> read_part(const json::Value& part, const std::string& call_id) {
  if (const json::Value* function = json::find(part, "functionCall")) {
    return read_call(part, *function, call_id);
  }
  if (const json::Value* data = json::find(part, "inlineData")) return read_media(*data);
  std::string text(text_at(part, "text"));
  if (const json::Value* code = json::find(part, "executableCode")) {
    text = fenced(text_at(*code, "language") == "PYTHON" ? "python" : "", text_at(*code, "code"));
  } else if (const json::Value* result = json::find(part, "codeExecutionResult")) {
    text = fenced("", text_at(*result, "output"));
  }
  if (text.empty()) return std::nullopt;
  if (flag_at(part, "thought")) return llm::Block{llm::Reasoning{std::move(text), {}, {}}, {}};
  return llm::Block{llm::Text{std::move(text), {}}, {}};
}

llm::Finish read_finish(std::string_view word, bool holds_calls) {
  llm::Finish finish;
  finish.raw = word;
  const auto found = std::ranges::find(kWords, word, &Word::word);
  if (found != kWords.end()) {
    finish.reason = found->reason;
  } else if (holds_calls) {
    finish.reason = FinishReason::tool_calls;
  }
  return finish;
}

std::optional<llm::Usage> read_usage(const json::Value& answer) {
  const json::Value* usage = json::find(answer, "usageMetadata");
  if (usage == nullptr || !usage->is_object()) return std::nullopt;
  const auto count = [&](std::string_view key) {
    return std::max<std::int64_t>(0, integer_at(*usage, key).value_or(0));
  };
  llm::Usage read;
  read.prompt_tokens = count("promptTokenCount") + count("toolUsePromptTokenCount");
  read.reasoning_tokens = integer_at(*usage, "thoughtsTokenCount");
  read.completion_tokens = count("candidatesTokenCount") + count("thoughtsTokenCount");
  read.total_tokens = read.prompt_tokens + read.completion_tokens;
  read.cached_tokens = integer_at(*usage, "cachedContentTokenCount");
  read.audio_prompt_tokens = audio_tokens(*usage, "promptTokensDetails");
  read.audio_completion_tokens = audio_tokens(*usage, "candidatesTokensDetails");
  return read;
}

std::vector<llm::TokenLogprob> read_logprobs(const json::Value& candidate) {
  std::vector<llm::TokenLogprob> tokens;
  const json::Value* result = json::find(candidate, "logprobsResult");
  if (result == nullptr) return tokens;
  const json::Array& top = array_at(*result, "topCandidates");
  for (const json::Value& chosen : array_at(*result, "chosenCandidates")) {
    const std::size_t position = tokens.size();
    tokens.push_back(read_token(chosen));
    if (position >= top.size()) continue;
    for (const json::Value& other : array_at(top[position], "candidates")) {
      llm::TokenLogprob read = read_token(other);
      tokens.back().top.emplace_back(std::move(read.token), read.logprob);
    }
  }
  return tokens;
}

std::vector<llm::Citation> read_grounding(const json::Value& candidate, std::string_view text) {
  std::vector<llm::Citation> citations;
  const json::Value* grounding = json::find(candidate, "groundingMetadata");
  if (grounding == nullptr) return citations;
  const json::Array& pages = array_at(*grounding, "groundingChunks");
  for (const json::Value& support : array_at(*grounding, "groundingSupports")) {
    const json::Value* segment = json::find(support, "segment");
    if (segment == nullptr) continue;
    for (const json::Value& index : array_at(support, "groundingChunkIndices")) {
      const std::int64_t page = as_integer(index).value_or(-1);
      if (page < 0 || static_cast<std::size_t>(page) >= pages.size()) continue;
      const json::Value* web = json::find(pages[static_cast<std::size_t>(page)], "web");
      if (web == nullptr) continue;
      citations.push_back({std::string(text_at(*web, "uri")), std::string(text_at(*web, "title")),
                           std::string(text_at(*segment, "text")),
                           characters_before(text, integer_at(*segment, "startIndex").value_or(0)),
                           characters_before(text, integer_at(*segment, "endIndex").value_or(0))});
    }
  }
  return citations;
}

std::vector<llm::RawMember> read_extras(const json::Value& candidate) {
  std::vector<llm::RawMember> extras;
  for (const std::string_view name : kExtras) {
    const json::Value* member = json::find(candidate, name);
    if (member != nullptr) extras.push_back({std::string(name), to_text(*member)});
  }
  return extras;
}

std::string_view block_reason(const json::Value& answer) {
  const json::Value* feedback = json::find(answer, "promptFeedback");
  return feedback == nullptr ? std::string_view() : text_at(*feedback, "blockReason");
}

std::optional<Error> read_error(const json::Value& answer, std::string_view provider,
                                std::string_view text) {
  const json::Value* error = json::find(answer, "error");
  if (error == nullptr || !error->is_object()) return std::nullopt;
  constexpr std::int64_t kInternal = 500;
  const std::int64_t code = integer_at(*error, "code").value_or(kInternal);
  const bool is_status = code >= 400 && code < 600;
  return error_in_answer(static_cast<int>(is_status ? code : kInternal), provider, text);
}

}  // namespace gatehouse::dialects::gemini
