#include <algorithm>
#include <iterator>

#include "dialects/openai_chat/decode.h"

namespace gatehouse::dialects::openai_chat {
namespace {

constexpr std::string_view kRoles =
    "\"system\", \"developer\", \"user\", \"assistant\" or \"tool\"";

std::optional<llm::Role> role_of(std::string_view name) {
  if (name == "user") return llm::Role::user;
  if (name == "assistant") return llm::Role::assistant;
  if (name == "tool" || name == "function") return llm::Role::tool;
  if (name == "system") return llm::Role::system;
  if (name == "developer") return llm::Role::developer;
  return std::nullopt;
}

llm::Block decode_tool_call(Fields& item) {
  llm::ToolCall call;
  call.id = item.text("id");
  const bool is_custom = item.text("type") == "custom";
  const std::string_view member = is_custom ? "custom" : "function";
  const json::Object* object = item.object(member);
  if (object == nullptr) {
    item.report(member, "an object with 'name'");
    return {};
  }
  Fields fields(*object, item.path_of(member) + ".", item.problems());
  call.kind = is_custom ? llm::ToolKind::custom : llm::ToolKind::function;
  call.name = fields.text("name");
  call.arguments = fields.text(is_custom ? "input" : "arguments");
  call.signature = fields.text("thought_signature");
  return {std::move(call), decode_cache_control(item)};
}

/// The `function_call` of the protocol before tools: it has no id, so its name serves as one.
std::optional<llm::Block> decode_legacy_call(Fields& message) {
  const json::Object* object = message.object("function_call");
  if (object == nullptr) return std::nullopt;
  Fields fields(*object, message.path_of("function_call."), message.problems());
  llm::ToolCall call;
  call.name = fields.text("name");
  call.id = "call_" + call.name;
  call.arguments = fields.text("arguments");
  return llm::Block{std::move(call), {}};
}

/// Thoughts that a client echoes, in the fields of the field: content_blocks or thinking_blocks
/// with signatures, else the plain text of reasoning_content or reasoning.
std::vector<llm::Block> decode_thoughts(Fields& message) {
  std::vector<llm::Block> thoughts = decode_content(message, "thinking_blocks");
  std::string plain = message.text("reasoning_content");
  if (plain.empty()) plain = message.text("reasoning");
  if (thoughts.empty() && !plain.empty()) {
    thoughts.push_back({llm::Reasoning{std::move(plain), {}, {}}, {}});
  }
  return thoughts;
}

bool holds_reasoning(const std::vector<llm::Block>& blocks) {
  return std::ranges::any_of(blocks, [](const llm::Block& block) {
    return std::holds_alternative<llm::Reasoning>(block.content);
  });
}

void decode_assistant(Fields& message, std::vector<llm::Block>& blocks) {
  std::vector<llm::Block> echoed = decode_content(message, "content_blocks");
  if (!echoed.empty()) blocks = std::move(echoed);
  std::vector<llm::Block> thoughts = decode_thoughts(message);
  if (!holds_reasoning(blocks)) {
    blocks.insert(blocks.begin(), std::make_move_iterator(thoughts.begin()),
                  std::make_move_iterator(thoughts.end()));
  }
  if (std::string refusal = message.text("refusal"); !refusal.empty()) {
    blocks.push_back({llm::Refusal{std::move(refusal)}, {}});
  }
  for (Fields& item : message.objects("tool_calls")) blocks.push_back(decode_tool_call(item));
  if (auto legacy = decode_legacy_call(message)) blocks.push_back(std::move(*legacy));
}

void decode_tool_result(Fields& message, llm::Message& decoded) {
  llm::ToolResult result;
  result.call_id = message.text("tool_call_id");
  result.name = decoded.name;
  if (result.call_id.empty()) result.call_id = "call_" + result.name;
  result.content = std::move(decoded.blocks);
  result.is_error = message.flag("is_error").value_or(false);
  decoded.blocks.clear();
  decoded.blocks.push_back({std::move(result), {}});
}

std::optional<llm::Message> decode_message(Fields& message) {
  const std::optional<llm::Role> role = role_of(message.text("role"));
  if (!role) {
    message.report("role", kRoles);
    return std::nullopt;
  }
  llm::Message decoded{*role, message.text("name"), decode_content(message, "content")};
  if (decoded.role == llm::Role::assistant) decode_assistant(message, decoded.blocks);
  if (decoded.role == llm::Role::tool) decode_tool_result(message, decoded);
  // On a message, cache_control speaks of all of it, hence of its last block.
  const auto cache = decode_cache_control(message);
  if (cache && !decoded.blocks.empty()) decoded.blocks.back().cache = cache;
  return decoded;
}

}  // namespace

std::vector<llm::Message> decode_messages(Fields& body) {
  std::vector<llm::Message> messages;
  if (body.any("messages") == nullptr) body.report("messages", "a list of messages");
  for (Fields& fields : body.objects("messages")) {
    auto message = decode_message(fields);
    if (message) messages.push_back(std::move(*message));
  }
  return messages;
}

}  // namespace gatehouse::dialects::openai_chat
