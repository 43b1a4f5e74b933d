#include "client/src/assemble.h"

#include "base/text.h"

namespace gatehouse::client {
namespace {

/// Appends one delta after the other to an answer.
class Taker {
 public:
  explicit Taker(LLMResponse& answer) : answer_(answer) {}

  std::optional<ChatDelta> operator()(llm::Started& started) {
    answer_.model = std::move(started.model);
    return std::nullopt;
  }
  std::optional<ChatDelta> operator()(llm::TextDelta& delta) {
    if (delta.choice != 0 || delta.text.empty()) return std::nullopt;
    answer_.message += delta.text;
    return ChatDelta{std::move(delta.text), {}, {}};
  }
  std::optional<ChatDelta> operator()(llm::ReasoningDelta& delta) {
    if (delta.choice != 0 || delta.text.empty()) return std::nullopt;
    answer_.reasoning += delta.text;
    return ChatDelta{{}, std::move(delta.text), {}};
  }
  std::optional<ChatDelta> operator()(llm::RefusalDelta& delta) {
    if (delta.choice == 0) answer_.refusal += delta.text;
    return std::nullopt;
  }
  std::optional<ChatDelta> operator()(llm::ToolCallStarted& started) {
    if (started.choice != 0) return std::nullopt;
    answer_.tool_calls.push_back({started.id, started.name, {}});
    ChatDelta::ToolPiece piece{answer_.tool_calls.size() - 1, started.id, started.name, {}};
    return ChatDelta{{}, {}, std::move(piece)};
  }
  std::optional<ChatDelta> operator()(llm::ToolCallArguments& arguments) {
    const auto index = static_cast<std::size_t>(arguments.index);
    if (arguments.choice != 0 || index >= answer_.tool_calls.size()) return std::nullopt;
    answer_.tool_calls[index].arguments += arguments.fragment;
    ChatDelta::ToolPiece piece{index, {}, {}, std::move(arguments.fragment)};
    return ChatDelta{{}, {}, std::move(piece)};
  }
  std::optional<ChatDelta> operator()(llm::Finished& finished) {
    if (finished.choice == 0) answer_.finish_reason = name_of(finished.finish.reason);
    return std::nullopt;
  }
  std::optional<ChatDelta> operator()(llm::UsageReported& reported) {
    answer_.usage = usage_of(reported.usage);
    return std::nullopt;
  }
  std::optional<ChatDelta> operator()(auto& /*no part of a text answer*/) { return std::nullopt; }

 private:
  LLMResponse& answer_;
};

void take_block(llm::Block& block, LLMResponse& answer) {
  if (auto* text = std::get_if<llm::Text>(&block.content)) {
    answer.message += text->text;
  } else if (auto* reasoning = std::get_if<llm::Reasoning>(&block.content)) {
    answer.reasoning += reasoning->text;
  } else if (auto* refusal = std::get_if<llm::Refusal>(&block.content)) {
    answer.refusal += refusal->text;
  } else if (auto* call = std::get_if<llm::ToolCall>(&block.content)) {
    answer.tool_calls.push_back(
        {std::move(call->id), std::move(call->name), std::move(call->arguments)});
  }
}

}  // namespace

LLMResponse response_of(const http::ResponseHead& head) {
  LLMResponse response;
  for (const http::Field& field : head.fields) {
    std::string& value = response.headers[lowered(field.name)];
    if (!value.empty()) value += ", ";
    value += field.value;
  }
  response.trace_id = head.fields.get("x-portkey-trace-id");
  const std::string_view cache = head.fields.get("x-portkey-cache-status");
  response.cached = lowered(cache).ends_with("hit");  // HIT, SEMANTIC HIT
  return response;
}

Usage usage_of(const llm::Usage& usage) {
  return {usage.prompt_tokens, usage.completion_tokens, usage.total_tokens,
          usage.cached_tokens.value_or(0)};
}

std::optional<ChatDelta> take(llm::Delta delta, LLMResponse& answer) {
  return std::visit(Taker(answer), delta);
}

void take(llm::Reply reply, LLMResponse& answer) {
  answer.model = std::move(reply.model);
  if (reply.usage) answer.usage = usage_of(*reply.usage);
  if (reply.choices.empty()) return;
  llm::Choice& choice = reply.choices.front();
  answer.finish_reason = name_of(choice.finish.reason);
  for (llm::Block& block : choice.blocks) take_block(block, answer);
}

void finish(LLMResponse& answer, Calling calling) {
  if (calling == Calling::tools || answer.tool_calls.empty()) return;
  answer.function_call = std::move(answer.tool_calls.front());
  answer.tool_calls.clear();
}

}  // namespace gatehouse::client
