#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/openai_responses/openai_responses.h"
#include "dialects/openai_responses/read_answer.h"

namespace gatehouse::dialects {

Result<llm::Reply> OpenAiResponsesBackDoor::decode_response(std::string_view body,
                                                            const AnswerContext& context) const {
  using namespace openai_responses;
  const Result<json::Value> answer = parse_answer(context.provider, body);
  if (!answer) return fail(answer.error());
  if (auto error = read_failure(*answer, context.provider, body)) return fail(std::move(*error));
  const json::Value* output = json::find(*answer, "output");
  if (output == nullptr || !output->is_array()) return fail(invalid_answer(context.provider, body));
  llm::Reply reply;
  const std::string_view id = text_at(*answer, "id");
  const std::string_view model = text_at(*answer, "model");
  reply.id = id.empty() ? context.id : id;
  reply.model = model.empty() ? context.model : model;
  reply.created = integer_at(*answer, "created_at").value_or(0);
  reply.service_tier = text_at(*answer, "service_tier");
  llm::Choice& choice = reply.choices.emplace_back();
  bool holds_calls = false;
  for (const json::Value& item : *output->if_array()) {
    for (llm::Block& block : read_item(item)) {
      holds_calls = holds_calls || std::holds_alternative<llm::ToolCall>(block.content);
      choice.blocks.push_back(std::move(block));
    }
    for (const json::Value& part : array_at(item, "content")) {
      std::vector<llm::TokenLogprob> logprobs = read_logprobs(part);
      choice.logprobs.insert(choice.logprobs.end(), logprobs.begin(), logprobs.end());
    }
  }
  choice.finish = read_finish(*answer, holds_calls);
  reply.usage = read_usage(*answer);
  return reply;
}

Error OpenAiResponsesBackDoor::decode_error(const FailedAnswer& answer) const {
  return error_of(answer);
}

}  // namespace gatehouse::dialects
