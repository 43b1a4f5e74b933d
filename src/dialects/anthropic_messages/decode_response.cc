#include "dialects/anthropic_messages/anthropic_messages.h"
#include "dialects/anthropic_messages/read_answer.h"
#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"
#include "dialects/reshape.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects {
namespace anthropic_messages {
namespace {

constexpr int kBadGateway = 502;

/// `at` counts the characters of the answer's text so far.
llm::Text read_text(const json::Value& block, std::size_t& at) {
  llm::Text text{std::string(text_at(block, "text")), {}};
  const std::size_t start = at;
  at += count_characters(text.text);
  for (const json::Value& citation : array_at(block, "citations")) {
    text.citations.push_back(read_citation(citation, start, at));
  }
  return text;
}

llm::ToolCall read_call(const json::Value& block) {
  const json::Value* input = json::find(block, "input");
  return {std::string(text_at(block, "id")),
          std::string(text_at(block, "name")),
          input == nullptr ? "{}" : to_text(*input),
          {},
          llm::ToolKind::function};
}

llm::Block read_block(const json::Value& block, std::size_t& at) {
  const std::string_view type = text_at(block, "type");
  if (type == "text") return {read_text(block, at), {}};
  if (type == "tool_use") return {read_call(block), {}};
  if (type == "thinking") {
    return {
        llm::Reasoning{
            std::string(text_at(block, "thinking")), std::string(text_at(block, "signature")), {}},
        {}};
  }
  if (type == "redacted_thinking") {
    return {llm::Reasoning{{}, {}, std::string(text_at(block, "data"))}, {}};
  }
  return {llm::Opaque{llm::DialectId::anthropic_messages, to_text(block)}, {}};
}

}  // namespace
}  // namespace anthropic_messages

Result<llm::Reply> AnthropicBackDoor::decode_response(std::string_view body,
                                                      const AnswerContext& context) const {
  using namespace anthropic_messages;
  const Result<json::Value> answer = parse_answer(context.provider, body);
  if (!answer) return fail(answer.error());
  if (object_at(*answer, "error") != nullptr) {
    return fail(error_in_answer(kBadGateway, context.provider, body));
  }
  const json::Value* content = json::find(*answer, "content");
  if (content == nullptr || !content->is_array()) {
    return fail(invalid_answer(context.provider, body));
  }
  llm::Reply reply;
  const std::string_view id = text_at(*answer, "id");
  const std::string_view model = text_at(*answer, "model");
  reply.id = id.empty() ? context.id : id;
  reply.model = model.empty() ? context.model : model;
  llm::Choice& choice = reply.choices.emplace_back();
  std::size_t at = 0;
  for (const json::Value& block : *content->if_array())
    choice.blocks.push_back(read_block(block, at));
  choice.finish = read_finish(*answer);
  if (const json::Value* usage = json::find(*answer, "usage");
      usage != nullptr && usage->is_object()) {
    read_usage(*usage, reply.usage.emplace());
    reply.service_tier = text_at(*usage, "service_tier");
  }
  reshape(reply, context.hints);
  return reply;
}

Error AnthropicBackDoor::decode_error(const FailedAnswer& answer) const { return error_of(answer); }

}  // namespace gatehouse::dialects
