#include "dialects/fault.h"
#include "dialects/gemini/gemini.h"
#include "dialects/gemini/read_answer.h"
#include "dialects/json_reader.h"
#include "dialects/reshape.h"

namespace gatehouse::dialects {
namespace gemini {
namespace {

llm::Choice read_candidate(const json::Value& candidate, const AnswerContext& context) {
  llm::Choice choice;
  choice.index = integer_at(candidate, "index").value_or(0);
  std::size_t calls = 0;
  const json::Value* content = json::find(candidate, "content");
  const json::Array& parts =
      content == nullptr ? array_at(candidate, "") : array_at(*content, "parts");
  for (const json::Value& part : parts) {
    const std::string call_id = "call_" + std::string(context.id) + "_" + std::to_string(calls);
    std::optional<llm::Block> block = read_part(part, call_id);
    if (!block) continue;
    if (std::holds_alternative<llm::ToolCall>(block->content)) ++calls;
    choice.blocks.push_back(std::move(*block));
  }
  const std::string text = llm::text_of(choice.blocks);
  for (llm::Citation& citation : read_grounding(candidate, text)) {
    for (llm::Block& block : choice.blocks) {  // they count from the start of all the text
      auto* holder = std::get_if<llm::Text>(&block.content);
      if (holder == nullptr) continue;
      holder->citations.push_back(std::move(citation));
      break;
    }
  }
  choice.finish = read_finish(text_at(candidate, "finishReason"), calls > 0);
  choice.logprobs = read_logprobs(candidate);
  choice.extras = read_extras(candidate);
  return choice;
}

}  // namespace
}  // namespace gemini

Result<llm::Reply> GeminiBackDoor::decode_response(std::string_view body,
                                                   const AnswerContext& context) const {
  using namespace gemini;
  const Result<json::Value> answer = parse_answer(context.provider, body);
  if (!answer) return fail(answer.error());
  if (auto error = read_error(*answer, context.provider, body)) return fail(std::move(*error));
  const std::string_view blocked = block_reason(*answer);
  const bool is_answer = json::find(*answer, "candidates") != nullptr || !blocked.empty() ||
                         json::find(*answer, "usageMetadata") != nullptr;
  if (!is_answer) return fail(invalid_answer(context.provider, body));
  llm::Reply reply;
  const std::string_view id = text_at(*answer, "responseId");
  const std::string_view model = text_at(*answer, "modelVersion");
  reply.id = id.empty() ? context.id : id;
  reply.model = model.empty() ? context.model : model;
  for (const json::Value& candidate : array_at(*answer, "candidates")) {
    reply.choices.push_back(read_candidate(candidate, context));
  }
  if (reply.choices.empty()) {
    llm::Finish& finish = reply.choices.emplace_back().finish;
    finish.raw = blocked;
    if (!blocked.empty()) finish.reason = llm::FinishReason::content_filter;
  }
  reply.usage = read_usage(*answer);
  reshape(reply, context.hints);
  return reply;
}

Error GeminiBackDoor::decode_error(const FailedAnswer& answer) const { return error_of(answer); }

}  // namespace gatehouse::dialects
