#include "dialects/cohere/cohere.h"
#include "dialects/cohere/read_answer.h"
#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"
#include "dialects/reshape.h"

namespace gatehouse::dialects {
namespace cohere {
namespace {

void read_content(const json::Value& message, llm::Choice& choice) {
  if (const std::string_view plan = text_at(message, "tool_plan"); !plan.empty()) {
    choice.blocks.push_back({llm::Reasoning{std::string(plan), {}, {}}, {}});
  }
  if (const std::string_view text = text_at(message, "content"); !text.empty()) {
    choice.blocks.push_back({llm::Text{std::string(text), {}}, {}});
  }
  for (const json::Value& part : array_at(message, "content")) {
    if (text_at(part, "type") == "thinking") {
      choice.blocks.push_back({llm::Reasoning{std::string(text_at(part, "thinking")), {}, {}}, {}});
    } else if (const std::string_view text = text_at(part, "text"); !text.empty()) {
      choice.blocks.push_back({llm::Text{std::string(text), {}}, {}});
    }
  }
}

void read_citations(const json::Value& message, llm::Choice& choice) {
  llm::Text* holder = nullptr;
  for (llm::Block& block : choice.blocks) {
    if (holder == nullptr) holder = std::get_if<llm::Text>(&block.content);
  }
  for (const json::Value& item : array_at(message, "citations")) {
    if (holder == nullptr) return;
    for (llm::Citation& citation : read_citation(item))
      holder->citations.push_back(std::move(citation));
  }
  if (const json::Value* raw = json::find(message, "citations")) {
    choice.extras.push_back({"citations", to_text(*raw)});
  }
}

void read_calls(const json::Value& message, llm::Choice& choice) {
  for (const json::Value& item : array_at(message, "tool_calls")) {
    const json::Value* function = json::find(item, "function");
    if (function == nullptr) continue;
    const std::string_view arguments = text_at(*function, "arguments");
    choice.blocks.push_back({llm::ToolCall{std::string(text_at(item, "id")),
                                           std::string(text_at(*function, "name")),
                                           std::string(arguments.empty() ? "{}" : arguments),
                                           {},
                                           llm::ToolKind::function},
                             {}});
  }
}

}  // namespace
}  // namespace cohere

Result<llm::Reply> CohereBackDoor::decode_response(std::string_view body,
                                                   const AnswerContext& context) const {
  using namespace cohere;
  const Result<json::Value> answer = parse_answer(context.provider, body);
  if (!answer) return fail(answer.error());
  const json::Value* message = json::find(*answer, "message");
  if (message == nullptr || !message->is_object())
    return fail(invalid_answer(context.provider, body));
  llm::Reply reply;
  const std::string_view id = text_at(*answer, "id");
  reply.id = id.empty() ? context.id : id;
  reply.model = context.model;
  llm::Choice& choice = reply.choices.emplace_back();
  read_content(*message, choice);
  read_citations(*message, choice);
  read_calls(*message, choice);
  choice.finish = read_finish(text_at(*answer, "finish_reason"));
  choice.logprobs = read_logprobs(*answer);
  reply.usage = read_usage(*answer);
  reshape(reply, context.hints);
  return reply;
}

Error CohereBackDoor::decode_error(const FailedAnswer& answer) const { return error_of(answer); }

}  // namespace gatehouse::dialects
