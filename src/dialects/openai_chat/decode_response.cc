#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/media.h"
#include "dialects/openai_chat/openai_chat.h"
#include "dialects/openai_chat/read_answer.h"
#include "dialects/openai_chat/think_tags.h"
#include "dialects/reshape.h"

namespace gatehouse::dialects {
namespace openai_chat {
namespace {

llm::ToolCall read_call(const json::Value& item, std::string generated_id) {
  const bool is_custom = text_at(item, "type") == "custom";
  const json::Value* function = json::find(item, is_custom ? "custom" : "function");
  llm::ToolCall call;
  call.id = text_at(item, "id");
  if (call.id.empty()) call.id = std::move(generated_id);
  if (function == nullptr) return call;
  call.kind = is_custom ? llm::ToolKind::custom : llm::ToolKind::function;
  call.name = text_at(*function, "name");
  call.arguments = is_custom ? std::string(text_at(*function, "input")) : read_arguments(*function);
  call.signature = text_at(*function, "thought_signature");
  if (call.arguments.empty() && !is_custom) call.arguments = "{}";
  return call;
}

void read_calls(const json::Value& message, const AnswerContext& context, llm::Choice& choice) {
  std::size_t number = 0;
  for (const json::Value& item : array_at(message, "tool_calls")) {
    const std::string id = "call_" + std::string(context.id) + "_" + std::to_string(number++);
    choice.blocks.push_back({read_call(item, id), {}});
  }
  const json::Value* legacy = json::find(message, "function_call");
  if (legacy == nullptr || !legacy->is_object()) return;
  const std::string name(text_at(*legacy, "name"));
  llm::ToolCall call{"call_" + name, name, read_arguments(*legacy), {}, llm::ToolKind::function};
  choice.blocks.push_back({std::move(call), {}});
}

void read_media(const json::Value& message, llm::Choice& choice) {
  for (const json::Value& image : array_at(message, "images")) {
    const json::Value* url = value_at(image, {"image_url", "url"});
    if (url == nullptr || !url->is_string()) continue;
    choice.blocks.push_back({llm::Image{media_of_url(*url->if_string()), {}}, {}});
  }
  const json::Value* audio = json::find(message, "audio");
  if (audio == nullptr || !audio->is_object()) return;
  llm::Media source{llm::Media::Kind::base64, std::string(text_at(*audio, "data")), {}};
  choice.blocks.push_back({llm::Audio{std::move(source), {}}, {}});
}

void take_out_thoughts(Content& content) {
  ThinkTags tags;
  ThinkTags::Split split = tags.take(content.text);
  ThinkTags::Split rest = tags.finish();
  content.thoughts = split.thoughts + rest.thoughts;
  content.text = split.text + rest.text;
}

llm::Choice read_choice(const json::Value& item, const AnswerContext& context) {
  static const json::Value kNothing;
  const json::Value* found = json::find(item, "message");
  const json::Value& message = found == nullptr ? kNothing : *found;
  llm::Choice choice;
  choice.index = integer_at(item, "index").value_or(0);
  Content content = read_content(message);
  if (content.thoughts.empty()) take_out_thoughts(content);
  if (!content.thoughts.empty()) {
    choice.blocks.push_back({llm::Reasoning{std::move(content.thoughts), {}, {}}, {}});
  }
  if (!content.text.empty()) {
    choice.blocks.push_back({llm::Text{std::move(content.text), read_annotations(message)}, {}});
  }
  if (const std::string_view refusal = text_at(message, "refusal"); !refusal.empty()) {
    choice.blocks.push_back({llm::Refusal{std::string(refusal)}, {}});
  }
  read_media(message, choice);
  const std::size_t before_calls = choice.blocks.size();
  read_calls(message, context, choice);
  choice.finish = read_finish(text_at(item, "finish_reason"), choice.blocks.size() > before_calls);
  choice.logprobs = read_logprobs(item);
  return choice;
}

}  // namespace
}  // namespace openai_chat

Result<llm::Reply> OpenAiChatBackDoor::decode_response(std::string_view body,
                                                       const AnswerContext& context) const {
  const Result<json::Value> answer = parse_answer(context.provider, body);
  if (!answer) return fail(answer.error());
  if (auto error = openai_chat::read_error(*answer, context.provider, body)) {
    return fail(std::move(*error));
  }
  const json::Array& choices = array_at(*answer, "choices");
  if (choices.empty()) {
    return fail(invalid_answer(context.provider, body));
  }
  llm::Reply reply;
  reply.id = text_at(*answer, "id");
  if (reply.id.empty()) reply.id = context.id;
  reply.model = text_at(*answer, "model");
  if (reply.model.empty()) reply.model = context.model;
  reply.created = integer_at(*answer, "created").value_or(0);
  reply.service_tier = text_at(*answer, "service_tier");
  reply.system_fingerprint = text_at(*answer, "system_fingerprint");
  for (const json::Value& item : choices) {
    reply.choices.push_back(openai_chat::read_choice(item, context));
  }
  reply.usage = openai_chat::read_usage(*answer);
  reshape(reply, context.hints);
  return reply;
}

Error OpenAiChatBackDoor::decode_error(const FailedAnswer& answer) const {
  return error_of(answer);
}

}  // namespace gatehouse::dialects
