#include "dialects/bedrock_converse/bedrock_converse.h"
#include "dialects/bedrock_converse/read_answer.h"
#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"
#include "dialects/media.h"
#include "dialects/reshape.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects {
namespace bedrock_converse {
namespace {

llm::Block read_call(const json::Value& call) {
  const json::Value* input = json::find(call, "input");
  return {llm::ToolCall{std::string(text_at(call, "toolUseId")),
                        std::string(text_at(call, "name")),
                        input == nullptr || input->is_null() ? "{}" : to_text(*input),
                        {},
                        llm::ToolKind::function},
          {}};
}

llm::Block read_reasoning(const json::Value& content) {
  llm::Reasoning reasoning;
  reasoning.redacted = text_at(content, "redactedContent");
  if (const json::Value* text = json::find(content, "reasoningText")) {
    reasoning.text = text_at(*text, "text");
    reasoning.signature = text_at(*text, "signature");
  }
  return {std::move(reasoning), {}};
}

/// `at` counts the characters of the answer's text so far.
llm::Block read_cited_text(const json::Value& content, std::size_t at) {
  llm::Text text;
  for (const json::Value& piece : array_at(content, "content")) text.text += text_at(piece, "text");
  const std::size_t end = at + count_characters(text.text);
  for (const json::Value& citation : array_at(content, "citations")) {
    text.citations.push_back(read_citation(citation, at, end));
  }
  return {std::move(text), {}};
}

llm::Block read_image(const json::Value& image) {
  const json::Value* bytes = value_at(image, {"source", "bytes"});
  llm::Media source{llm::Media::Kind::base64, {}, "image/" + std::string(text_at(image, "format"))};
  if (bytes != nullptr && bytes->is_string()) source.value = std::string(*bytes->if_string());
  return {llm::Image{std::move(source), {}}, {}};
}

llm::Block read_block(const json::Value& block, std::size_t at) {
  if (const json::Value* call = json::find(block, "toolUse")) return read_call(*call);
  if (const json::Value* content = json::find(block, "reasoningContent"))
    return read_reasoning(*content);
  if (const json::Value* content = json::find(block, "citationsContent")) {
    return read_cited_text(*content, at);
  }
  if (const json::Value* image = json::find(block, "image")) return read_image(*image);
  if (json::find(block, "text") != nullptr)
    return {llm::Text{std::string(text_at(block, "text")), {}}, {}};
  return {llm::Opaque{llm::DialectId::bedrock_converse, to_text(block)}, {}};
}

}  // namespace
}  // namespace bedrock_converse

Result<llm::Reply> BedrockConverseBackDoor::decode_response(std::string_view body,
                                                            const AnswerContext& context) const {
  using namespace bedrock_converse;
  const Result<json::Value> answer = parse_answer(context.provider, body);
  if (!answer) return fail(answer.error());
  const json::Value* content = value_at(*answer, {"output", "message", "content"});
  if (content == nullptr || !content->is_array())
    return fail(invalid_answer(context.provider, body));
  llm::Reply reply;
  reply.id = context.id;
  reply.model = context.model;
  llm::Choice& choice = reply.choices.emplace_back();
  std::size_t at = 0;
  for (const json::Value& item : *content->if_array()) {
    choice.blocks.push_back(read_block(item, at));
    const auto* text = std::get_if<llm::Text>(&choice.blocks.back().content);
    if (text != nullptr) at += count_characters(text->text);
  }
  choice.finish = read_finish(text_at(*answer, "stopReason"));
  if (const json::Value* usage = json::find(*answer, "usage");
      usage != nullptr && usage->is_object()) {
    reply.usage = read_usage(*usage);
  }
  for (const std::string_view extra : {"trace", "additionalModelResponseFields"}) {
    if (const json::Value* member = json::find(*answer, extra)) {
      reply.extras.push_back({std::string(extra), to_text(*member)});
    }
  }
  reshape(reply, context.hints);
  return reply;
}

Error BedrockConverseBackDoor::decode_error(const FailedAnswer& answer) const {
  return error_of(answer);
}

}  // namespace gatehouse::dialects
