#include "dialects/openai_responses/read_answer.h"

#include <algorithm>

#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"
#include "dialects/openai_responses/thoughts.h"

namespace gatehouse::dialects::openai_responses {
namespace {

constexpr int kInternalError = 500;
constexpr int kTooManyRequests = 429;

std::optional<std::int64_t> detail(const json::Value& usage, std::string_view group,
                                   std::string_view key) {
  const json::Value* value = value_at(usage, {group, key});
  return value == nullptr ? std::nullopt : as_integer(*value);
}

llm::Reasoning read_reasoning(const json::Value& item) {
  llm::Reasoning reasoning;
  for (const std::string_view key : {"summary", "content"}) {
    for (const json::Value& part : array_at(item, key)) {
      if (!reasoning.text.empty()) reasoning.text += "\n\n";
      reasoning.text += text_at(part, "text");
    }
    if (!reasoning.text.empty()) break;
  }
  reasoning.signature = signature_of_provider(text_at(item, "encrypted_content"));
  return reasoning;
}

llm::ToolCall read_call(const json::Value& item) {
  const bool is_custom = text_at(item, "type") == "custom_tool_call";
  llm::ToolCall call;
  call.id = text_at(item, "call_id");
  call.name = text_at(item, "name");
  call.kind = is_custom ? llm::ToolKind::custom : llm::ToolKind::function;
  call.arguments = text_at(item, is_custom ? "input" : "arguments");
  if (call.arguments.empty() && !is_custom) call.arguments = "{}";
  return call;
}

void read_parts(const json::Value& item, std::vector<llm::Block>& blocks) {
  for (const json::Value& part : array_at(item, "content")) {
    if (const std::string_view refusal = text_at(part, "refusal"); !refusal.empty()) {
      blocks.push_back({llm::Refusal{std::string(refusal)}, {}});
      continue;
    }
    llm::Text text{std::string(text_at(part, "text")), {}};
    for (const json::Value& annotation : array_at(part, "annotations")) {
      if (text_at(annotation, "type") == "url_citation")
        text.citations.push_back(read_citation(annotation));
    }
    blocks.push_back({std::move(text), {}});
  }
}

}  // namespace

llm::Finish read_finish(const json::Value& response, bool holds_calls) {
  llm::Finish finish;
  const json::Value* reason = value_at(response, {"incomplete_details", "reason"});
  const bool is_cut = text_at(response, "status") == "incomplete";
  const json::String* word = reason == nullptr ? nullptr : reason->if_string();
  if (is_cut && word != nullptr && *word == "content_filter") {
    finish.reason = llm::FinishReason::content_filter;
  } else if (is_cut) {
    finish.reason = llm::FinishReason::length;
  } else if (holds_calls) {
    finish.reason = llm::FinishReason::tool_calls;
  }
  return finish;
}

std::optional<llm::Usage> read_usage(const json::Value& response) {
  const json::Value* usage = json::find(response, "usage");
  if (usage == nullptr || !usage->is_object()) return std::nullopt;
  llm::Usage read;
  read.prompt_tokens = std::max<std::int64_t>(0, integer_at(*usage, "input_tokens").value_or(0));
  read.completion_tokens =
      std::max<std::int64_t>(0, integer_at(*usage, "output_tokens").value_or(0));
  read.total_tokens = read.prompt_tokens + read.completion_tokens;
  read.cached_tokens = detail(*usage, "input_tokens_details", "cached_tokens");
  read.cache_creation_tokens = detail(*usage, "input_tokens_details", "cache_write_tokens");
  read.reasoning_tokens = detail(*usage, "output_tokens_details", "reasoning_tokens");
  return read;
}

llm::Citation read_citation(const json::Value& annotation) {
  return {std::string(text_at(annotation, "url")),
          std::string(text_at(annotation, "title")),
          {},
          integer_at(annotation, "start_index"),
          integer_at(annotation, "end_index")};
}

std::vector<llm::TokenLogprob> read_logprobs(const json::Value& holder) {
  std::vector<llm::TokenLogprob> tokens;
  const auto read = [](const json::Value& item) {
    const json::Value* logprob = json::find(item, "logprob");
    return logprob == nullptr ? 0 : as_number(*logprob).value_or(0);
  };
  for (const json::Value& item : array_at(holder, "logprobs")) {
    llm::TokenLogprob& token = tokens.emplace_back();
    token.token = text_at(item, "token");
    token.logprob = read(item);
    for (const json::Value& other : array_at(item, "top_logprobs")) {
      token.top.emplace_back(text_at(other, "token"), read(other));
    }
  }
  return tokens;
}

std::vector<llm::Block> read_item(const json::Value& item) {
  std::vector<llm::Block> blocks;
  const std::string_view type = text_at(item, "type");
  if (type == "message") {
    read_parts(item, blocks);
  } else if (type == "function_call" || type == "custom_tool_call") {
    blocks.push_back({read_call(item), {}});
  } else if (type == "reasoning") {
    llm::Reasoning reasoning = read_reasoning(item);
    if (!reasoning.text.empty() || !reasoning.signature.empty()) {
      blocks.push_back({std::move(reasoning), {}});
    }
  } else if (type == "image_generation_call" && !text_at(item, "result").empty()) {
    llm::Media source{llm::Media::Kind::base64, std::string(text_at(item, "result")), "image/png"};
    blocks.push_back({llm::Image{std::move(source), {}}, {}});
  } else {
    blocks.push_back({llm::Opaque{llm::DialectId::openai_responses, to_text(item)}, {}});
  }
  return blocks;
}

std::optional<Error> read_failure(const json::Value& response, std::string_view provider,
                                  std::string_view text) {
  const json::Object* error = object_at(response, "error");
  if (error == nullptr) return std::nullopt;
  const std::string_view code = json::string_or(*json::find(response, "error"), "code", {});
  const bool is_limit = code.find("rate_limit") != std::string_view::npos;
  return error_in_answer(is_limit ? kTooManyRequests : kInternalError, provider, text);
}

}  // namespace gatehouse::dialects::openai_responses
