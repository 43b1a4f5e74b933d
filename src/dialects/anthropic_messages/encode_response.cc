#include <algorithm>
#include <array>

#include "dialects/anthropic_messages/anthropic_messages.h"
#include "dialects/anthropic_messages/encode.h"
#include "dialects/fault.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects {
namespace anthropic_messages {
namespace {

constexpr std::array<std::string_view, 7> kStopReasons = {"end_turn",
                                                          "max_tokens",
                                                          "stop_sequence",
                                                          "tool_use",
                                                          "pause_turn",
                                                          "refusal",
                                                          "model_context_window_exceeded"};

std::string_view stop_reason_of(const llm::Finish& finish) {
  if (std::ranges::find(kStopReasons, finish.raw) != kStopReasons.end()) return finish.raw;
  switch (finish.reason) {
    case llm::FinishReason::stop:
      return finish.stop_sequence.empty() ? "end_turn" : "stop_sequence";
    case llm::FinishReason::length: return "max_tokens";
    case llm::FinishReason::tool_calls: return "tool_use";
    case llm::FinishReason::content_filter: return "refusal";
  }
  return "end_turn";
}

struct TypeOfStatus {
  int status;
  std::string_view type;
};
constexpr std::array kTypes = {
    TypeOfStatus{400, "invalid_request_error"}, TypeOfStatus{401, "authentication_error"},
    TypeOfStatus{402, "billing_error"},         TypeOfStatus{403, "permission_error"},
    TypeOfStatus{404, "not_found_error"},       TypeOfStatus{413, "request_too_large"},
    TypeOfStatus{422, "invalid_request_error"}, TypeOfStatus{429, "rate_limit_error"},
    TypeOfStatus{503, "overloaded_error"},      TypeOfStatus{504, "timeout_error"},
    TypeOfStatus{529, "overloaded_error"},
};

std::string_view error_type_of(int status) {
  const auto found = std::ranges::find(kTypes, status, &TypeOfStatus::status);
  return found == kTypes.end() ? "api_error" : found->type;
}

void write_text(JsonWriter& json, std::string_view text) {
  if (!text.empty()) json.open().text("type", "text").text("text", text).close();
}

void write_reasoning(JsonWriter& json, const llm::Reasoning& reasoning) {
  json.open();
  if (!reasoning.redacted.empty()) {
    json.text("type", "redacted_thinking").text("data", reasoning.redacted);
  } else {
    json.text("type", "thinking")
        .text("thinking", reasoning.text)
        .text("signature", reasoning.signature);
  }
  json.close();
}

/// Images and sounds have no block in this protocol's answers.
void write_block(JsonWriter& json, const llm::Block& block) {
  if (const auto* text = std::get_if<llm::Text>(&block.content)) {
    write_text(json, text->text);
  } else if (const auto* refusal = std::get_if<llm::Refusal>(&block.content)) {
    write_text(json, refusal->text);
  } else if (const auto* reasoning = std::get_if<llm::Reasoning>(&block.content)) {
    write_reasoning(json, *reasoning);
  } else if (const auto* call = std::get_if<llm::ToolCall>(&block.content)) {
    const std::string input = arguments_object(*call);
    json.open().text("type", "tool_use").text("id", call->id).text("name", call->name);
    json.raw("input", input.empty() ? "{}" : input).close();
  } else if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
    if (opaque->dialect == llm::DialectId::anthropic_messages) json.raw(opaque->json);
  }
}

}  // namespace

std::string message_id(std::string_view id, std::string_view otherwise) {
  const std::string_view given = id.empty() ? otherwise : id;
  return given.starts_with("msg_") ? std::string(given) : "msg_" + std::string(given);
}

void write_finish(JsonWriter& json, const llm::Finish& finish) {
  json.text("stop_reason", stop_reason_of(finish));
  finish.stop_sequence.empty() ? json.null("stop_sequence")
                               : json.text("stop_sequence", finish.stop_sequence);
}

void write_usage(JsonWriter& json, const llm::Usage& usage) {
  const std::int64_t cached = usage.cached_tokens.value_or(0);
  const std::int64_t created = usage.cache_creation_tokens.value_or(0);
  json.open().integer("input_tokens",
                      std::max<std::int64_t>(0, usage.prompt_tokens - cached - created));
  json.integer("cache_creation_input_tokens", created).integer("cache_read_input_tokens", cached);
  json.integer("output_tokens", usage.completion_tokens).close();
}

std::string encode_error_body(const Error& error, const ErrorWords& words) {
  const Fault fault = fault_of(error);
  std::string body;
  JsonWriter json(body);
  json.open().text("type", "error").open("error").text("type", error_type_of(words.status));
  json.text("message", error.message);
  error.param.empty() ? json.null("param") : json.text("param", error.param);
  const std::string_view code = error.upstream ? std::string_view(fault.code) : words.code;
  code.empty() ? json.null("code") : json.text("code", code);
  json.close();
  if (error.upstream) json.text("provider", error.upstream->provider);
  json.close();
  return body;
}

}  // namespace anthropic_messages

std::string AnthropicFrontDoor::encode_response(const llm::Reply& reply,
                                                const AnswerOptions& options) const {
  using namespace anthropic_messages;
  static const llm::Choice kNothing;
  const llm::Choice& choice = reply.choices.empty() ? kNothing : reply.choices.front();
  std::string body;
  JsonWriter json(body);
  json.open().text("id", message_id(reply.id, options.id)).text("type", "message");
  json.text("role", "assistant").text("model", reply.model).open_list("content");
  for (const llm::Block& block : choice.blocks) write_block(json, block);
  json.close_list();
  write_finish(json, choice.finish);
  json.key("usage");
  write_usage(json, reply.usage.value_or(llm::Usage{}));
  json.close();
  return body;
}

std::string AnthropicFrontDoor::encode_error(const Error& error, const ErrorWords& words) const {
  return anthropic_messages::encode_error_body(error, words);
}

}  // namespace gatehouse::dialects
