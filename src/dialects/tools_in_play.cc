#include "dialects/tools_in_play.h"

#include <algorithm>

#include "base/text.h"
#include "dialects/schema.h"
#include "json/scan.h"
#include "json/value.h"

namespace gatehouse::dialects {

std::vector<const llm::Tool*> tools_in_play(const llm::Call& call) {
  std::vector<const llm::Tool*> tools;
  for (const llm::Tool& tool : call.tools) {
    const bool is_limited = call.tool_choice && !call.tool_choice->allowed.empty();
    const bool is_allowed =
        !is_limited ||
        std::ranges::find(call.tool_choice->allowed, tool.name) != call.tool_choice->allowed.end();
    if (is_allowed) tools.push_back(&tool);
  }
  return tools;
}

std::string schema_of(const llm::Tool& tool) {
  if (tool.kind == llm::Tool::Kind::custom) {
    return R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"]})";
  }
  return object_schema(tool.schema);
}

std::string arguments_object(const llm::ToolCall& call) {
  if (call.kind == llm::ToolKind::custom) return "{\"input\":" + json::quote(call.arguments) + "}";
  if (trimmed(call.arguments).empty()) return "{}";
  const Result<json::Value> parsed = json::parse(call.arguments);
  return parsed && parsed->is_object() ? call.arguments : std::string();
}

std::vector<std::string> custom_tool_names(const llm::Call& call) {
  std::vector<std::string> names;
  for (const llm::Tool& tool : call.tools) {
    if (tool.kind == llm::Tool::Kind::custom) names.push_back(tool.name);
  }
  return names;
}

std::string plain_id(std::string_view id) {
  std::string plain(id);
  for (char& c : plain) {
    const bool is_plain = (c >= '0' && c <= '9') ||
                          (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' || c == '-';
    if (!is_plain) c = '_';
  }
  return plain;
}

}  // namespace gatehouse::dialects
