#include "demo/chat_reply.h"

#include <algorithm>

#include "demo/fingerprint.h"
#include "demo/schema_instance.h"
#include "demo/tokens.h"

namespace gatehouse::demo {
namespace {

constexpr std::string_view kLabel = "[demo] ";
constexpr std::size_t kMostEchoed = 2'000;
constexpr std::size_t kMostCalls = 8;

bool calls_tools(const ChatRequest& request) {
  return !request.tools.empty() && request.tool_wish != ToolWish::never &&
         request.tool_answers.empty();
}

std::string arguments_for(const Tool& tool, const ChatRequest& request) {
  if (tool.kind == ToolKind::custom) return std::string(kLabel) + shortened(request.question);
  json::Value arguments = instance_of(tool.schema);
  if (!arguments.is_object()) arguments = json::Object{};
  return json::serialize(arguments);
}

std::vector<ToolCall> calls_for(const ChatRequest& request) {
  const std::size_t most = request.wants_parallel_calls ? kMostCalls : 1;
  const std::size_t count = std::min(most, request.tools.size());
  std::vector<ToolCall> calls;
  for (std::size_t i = 0; i < count; ++i) {
    const Tool& tool = request.tools[i];
    std::string arguments = arguments_for(tool, request);
    const std::string seed = request.question + tool.name + std::to_string(i);
    calls.push_back({tool.kind, id_of("call_demo_", seed), tool.name, std::move(arguments)});
  }
  return calls;
}

std::string report_on_tools(const ChatRequest& request) {
  std::string text(kLabel);
  for (const ToolAnswer& answer : request.tool_answers) {
    if (text.size() > kLabel.size()) text += ' ';
    text += "The tool " + answer.name + " answered: " + answer.content;
    if (text.size() > kMostEchoed) break;
  }
  return shortened(text);
}

std::string echo_of(const ChatRequest& request) {
  std::string text = std::string(kLabel) + "You said: " + shortened(request.question);
  if (request.attachments == 1) text += " (and attached a file)";
  if (request.attachments > 1) {
    text += " (and attached " + std::to_string(request.attachments) + " files)";
  }
  return text + "\n\nThis is the gateway's built-in demo: no model was asked.";
}

std::string text_for(const ChatRequest& request, std::int64_t choice) {
  switch (request.format) {
    case AnswerFormat::json_schema: return json::serialize(instance_of(request.schema));
    case AnswerFormat::json_object:
      return json::serialize(
          json::Object{{"demo", true}, {"you_said", shortened(request.question)}});
    case AnswerFormat::text: break;
  }
  std::string text = request.tool_answers.empty() ? echo_of(request) : report_on_tools(request);
  if (choice > 0) text += " (choice " + std::to_string(choice + 1) + ")";
  return text;
}

}  // namespace

std::string shortened(std::string_view text) {
  if (text.size() <= kMostEchoed) return std::string(text);
  std::size_t end = kMostEchoed;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string_view cut_text(std::string& text, const std::vector<std::string>& stop,
                          std::optional<std::int64_t> max_tokens) {
  std::size_t end = text.size();
  for (const std::string& sequence : stop) {
    if (!sequence.empty()) end = std::min(end, text.find(sequence));
  }
  text.resize(end);
  const std::vector<std::string_view> tokens = split_tokens(text);
  if (!max_tokens || static_cast<std::int64_t>(tokens.size()) <= *max_tokens) return "stop";
  const std::string_view first_out = tokens[static_cast<std::size_t>(*max_tokens)];
  text.resize(static_cast<std::size_t>(first_out.data() - text.data()));
  return "length";
}

ChatReply reply_to(const ChatRequest& request) {
  ChatReply reply;
  for (std::int64_t i = 0; i < request.choices; ++i) {
    Choice choice;
    if (calls_tools(request)) {
      choice.calls = calls_for(request);
      const bool is_legacy = choice.calls.front().kind == ToolKind::legacy;
      choice.finish_reason = is_legacy ? "function_call" : "tool_calls";
    } else {
      choice.text = text_for(request, i);
      choice.finish_reason = cut_text(choice.text, request.stop, request.max_tokens);
    }
    reply.completion_tokens += count_tokens(choice.text);
    for (const ToolCall& call : choice.calls) {
      reply.completion_tokens += count_tokens(call.name) + count_tokens(call.arguments);
    }
    reply.choices.push_back(std::move(choice));
  }
  return reply;
}

}  // namespace gatehouse::demo
