#include "dialects/openai_chat/encode.h"
#include "dialects/openai_chat/openai_chat.h"

namespace gatehouse::dialects {
namespace openai_chat {
namespace {

template <class T>
std::vector<const T*> all_of(const std::vector<llm::Block>& blocks) {
  std::vector<const T*> found;
  for (const llm::Block& block : blocks) {
    if (const T* content = std::get_if<T>(&block.content)) found.push_back(content);
  }
  return found;
}

std::string thoughts_of(const std::vector<llm::Block>& blocks) {
  std::string joined;
  for (const auto* reasoning : all_of<llm::Reasoning>(blocks)) joined += reasoning->text;
  return joined;
}

void write_tool_calls(JsonWriter& json, const std::vector<const llm::ToolCall*>& calls,
                      const AnswerOptions& options) {
  if (calls.empty()) return;
  if (options.call->speaks_functions) {
    json.open("function_call").text("name", calls.front()->name);
    json.text("arguments", calls.front()->arguments).close();
    return;
  }
  json.open_list("tool_calls");
  for (const llm::ToolCall* call : calls) {
    const bool is_custom = call->kind == llm::ToolKind::custom;
    const std::string_view kind = is_custom ? "custom" : "function";
    json.open().text("id", call->id).text("type", kind);
    json.open(kind).text("name", call->name);
    json.text(is_custom ? "input" : "arguments", call->arguments);
    if (options.compliance == Compliance::lenient) {
      json.text_if_any("thought_signature", call->signature);
    }
    json.close().close();
  }
  json.close_list();
}

/// One block of `content_blocks`; calls of tools are not repeated there.
void write_content_block(JsonWriter& json, const llm::Block& block) {
  if (const auto* text = std::get_if<llm::Text>(&block.content)) {
    json.open().text("type", "text").text("text", text->text).close();
  } else if (const auto* image = std::get_if<llm::Image>(&block.content)) {
    write_image(json, *image);
  } else if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
    json.raw(opaque->json);
  } else if (const auto* reasoning = std::get_if<llm::Reasoning>(&block.content)) {
    json.open();
    if (!reasoning->redacted.empty()) {
      json.text("type", "redacted_thinking").text("data", reasoning->redacted);
    } else {
      json.text("type", "thinking").text("thinking", reasoning->text);
      json.text("signature", reasoning->signature);
    }
    json.close();
  }
}

void write_media(JsonWriter& json, const llm::Choice& choice, const AnswerOptions& options) {
  const auto images = all_of<llm::Image>(choice.blocks);
  if (!images.empty()) {
    json.open_list("images");
    for (const llm::Image* image : images) write_image(json, *image);
    json.close_list();
  }
  for (const llm::Audio* audio : all_of<llm::Audio>(choice.blocks)) {
    json.open("audio").text("id", "audio_" + std::string(options.id));
    json.text("data", audio->source.value).text("transcript", "").integer("expires_at", 0).close();
    break;  // the protocol has room for one
  }
}

void write_citations(JsonWriter& json, const std::vector<const llm::Text*>& texts) {
  std::vector<const llm::Citation*> citations;
  for (const llm::Text* text : texts) {
    for (const llm::Citation& citation : text->citations) {
      if (!citation.url.empty()) citations.push_back(&citation);
    }
  }
  if (citations.empty()) return;
  json.open_list("annotations");
  for (const llm::Citation* citation : citations) write_citation(json, *citation);
  json.close_list();
}

void write_message(JsonWriter& json, const llm::Choice& choice, const AnswerOptions& options) {
  const std::string text = llm::text_of(choice.blocks);
  const auto calls = all_of<llm::ToolCall>(choice.blocks);
  const auto refusals = all_of<llm::Refusal>(choice.blocks);
  json.open("message").text("role", "assistant");
  const bool is_withheld = choice.finish.reason == llm::FinishReason::content_filter;
  const bool says_nothing = text.empty() && (!calls.empty() || !refusals.empty() || is_withheld);
  says_nothing ? json.null("content") : json.text("content", text);
  refusals.empty() ? json.null("refusal") : json.text("refusal", refusals.front()->text);
  json.text_if_any("reasoning_content", thoughts_of(choice.blocks));
  write_tool_calls(json, calls, options);
  write_citations(json, all_of<llm::Text>(choice.blocks));
  write_media(json, choice, options);
  if (options.compliance == Compliance::lenient) {
    json.open_list("content_blocks");
    for (const llm::Block& block : choice.blocks) write_content_block(json, block);
    json.close_list();
  }
  json.close();
}

void write_extras(JsonWriter& json, const std::vector<llm::RawMember>& extras,
                  Compliance compliance) {
  if (compliance == Compliance::strict) return;
  for (const llm::RawMember& extra : extras) json.raw(extra.name, extra.json);
}

void write_choice(JsonWriter& json, const llm::Choice& choice, const AnswerOptions& options) {
  json.open().integer("index", choice.index);
  write_message(json, choice, options);
  write_logprobs(json, choice.logprobs);
  write_finish_reason(json, choice.finish, Style(options));
  if (options.compliance == Compliance::lenient) {
    json.text_if_any("stop_sequence", choice.finish.stop_sequence);
  }
  write_extras(json, choice.extras, options.compliance);
  json.close();
}

}  // namespace
}  // namespace openai_chat

std::string OpenAiChatFrontDoor::encode_response(const llm::Reply& reply,
                                                 const AnswerOptions& options) const {
  std::string body;
  JsonWriter json(body);
  json.open().text("id", reply.id.empty() ? "chatcmpl-" + std::string(options.id) : reply.id);
  json.text("object", "chat.completion");
  json.integer("created", reply.created == 0 ? options.created : reply.created);
  json.text("model", reply.model).text("provider", options.provider).open_list("choices");
  for (const llm::Choice& choice : reply.choices) openai_chat::write_choice(json, choice, options);
  json.close_list();
  if (reply.usage) {
    json.key("usage");
    openai_chat::write_usage(json, *reply.usage);
  }
  json.text_if_any("service_tier", reply.service_tier);
  json.text_if_any("system_fingerprint", reply.system_fingerprint);
  openai_chat::write_extras(json, reply.extras, options.compliance);
  json.close();
  return body;
}

std::string OpenAiChatFrontDoor::encode_error(const Error& error, const ErrorWords& words) const {
  return openai_chat::encode_error_body(error, words);
}

}  // namespace gatehouse::dialects
