// What a chat completion request asks of the demo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "demo/refusal.h"
#include "json/value.h"

namespace gatehouse::demo {

enum class ToolKind : std::uint8_t {
  function,  // answered in `tool_calls`, with JSON arguments
  custom,    // answered in `tool_calls`, with free text
  legacy,    // from `functions`, answered in `function_call`
};

struct Tool {
  ToolKind kind = ToolKind::function;
  std::string name;
  json::Value schema;  // of the arguments; null if there are none
};

enum class ToolWish : std::uint8_t { never, may, must };

enum class AnswerFormat : std::uint8_t { text, json_object, json_schema };

struct ToolAnswer {
  std::string name;  // or the id of the call, if the message has no name
  std::string content;
};

struct ChatRequest {
  std::string model;
  std::string question;  // the text of the last user message
  std::vector<ToolAnswer>
      tool_answers;              // those that stand behind the last user or assistant message
  std::int64_t attachments = 0;  // images, audio and files in the last user message
  std::vector<Tool> tools;       // those that may be called, the wanted one alone if one is named
  ToolWish tool_wish = ToolWish::may;
  bool wants_parallel_calls = false;
  AnswerFormat format = AnswerFormat::text;
  json::Value schema;  // for AnswerFormat::json_schema
  std::int64_t choices = 1;
  std::optional<std::int64_t> max_tokens;
  std::vector<std::string> stop;
  bool is_streaming = false;
  bool includes_usage = false;
  std::int64_t prompt_tokens = 0;
};

Outcome<ChatRequest> read_chat_request(const json::Value& body);

}  // namespace gatehouse::demo
