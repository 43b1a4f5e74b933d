#include "dialects/turns.h"

#include <algorithm>

#include "dialects/signature.h"

namespace gatehouse::dialects {
namespace {

template <class T>
bool holds(const Turn& turn) {
  return std::ranges::any_of(turn.blocks, [](const llm::Block* block) {
    return std::holds_alternative<T>(block->content);
  });
}

bool holds_signed_thoughts(const Turn& turn) {
  return std::ranges::any_of(turn.blocks, [](const llm::Block* block) {
    const auto* reasoning = std::get_if<llm::Reasoning>(&block->content);
    return reasoning != nullptr && is_signed_by_claude(*reasoning);
  });
}

bool is_system(const llm::Message& message) {
  return message.role == llm::Role::system || message.role == llm::Role::developer;
}

}  // namespace

std::vector<const llm::Block*> system_blocks(const llm::Call& call) {
  std::vector<const llm::Block*> blocks;
  for (const llm::Message& message : call.messages) {
    if (!is_system(message)) continue;
    for (const llm::Block& block : message.blocks) blocks.push_back(&block);
  }
  return blocks;
}

std::vector<Turn> turns_of(const llm::Call& call) {
  std::vector<Turn> turns;
  for (const llm::Message& message : call.messages) {
    if (is_system(message) || message.blocks.empty()) continue;
    const Speaker speaker =
        message.role == llm::Role::assistant ? Speaker::assistant : Speaker::user;
    if (turns.empty() || turns.back().speaker != speaker) turns.push_back({speaker, {}});
    for (const llm::Block& block : message.blocks) turns.back().blocks.push_back(&block);
  }
  return turns;
}

bool lacks_thoughts_before_results(const std::vector<Turn>& turns) {
  if (turns.size() < 2 || !holds<llm::ToolResult>(turns.back())) return false;
  const Turn& asked = turns[turns.size() - 2];
  return holds<llm::ToolCall>(asked) && !holds_signed_thoughts(asked);
}

}  // namespace gatehouse::dialects
