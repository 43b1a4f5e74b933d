#include "llm/message.h"

namespace gatehouse::llm {

std::string text_of(const std::vector<Block>& blocks, std::string_view separator) {
  std::string joined;
  for (const Block& block : blocks) {
    const auto* text = std::get_if<Text>(&block.content);
    if (text == nullptr) continue;
    if (!joined.empty()) joined += separator;
    joined += text->text;
  }
  return joined;
}

std::string_view tool_name_of(const ToolResult& result, const std::vector<Message>& history) {
  if (!result.name.empty()) return result.name;
  for (const Message& message : history) {
    for (const Block& block : message.blocks) {
      const auto* call = std::get_if<ToolCall>(&block.content);
      if (call != nullptr && call->id == result.call_id) return call->name;
    }
  }
  return {};
}

}  // namespace gatehouse::llm
