#include "cache/assemble.h"

#include <algorithm>
#include <variant>

namespace gatehouse::cache {
namespace {

template <class Content>
Content* last_of(llm::Choice& choice) {
  if (choice.blocks.empty()) return nullptr;
  return std::get_if<Content>(&choice.blocks.back().content);
}

llm::ToolCall* call_at(llm::Choice& choice, std::int64_t index) {
  for (llm::Block& block : choice.blocks) {
    auto* const call = std::get_if<llm::ToolCall>(&block.content);
    if (call != nullptr && index-- == 0) return call;
  }
  return nullptr;
}

}  // namespace

void ReplyBuilder::add(const llm::Delta& delta) {
  std::visit([this](const auto& content) { add(content); }, delta);
}

llm::Choice& ReplyBuilder::choice(std::int64_t index) {
  const auto found = std::ranges::lower_bound(reply_.choices, index, {}, &llm::Choice::index);
  if (found != reply_.choices.end() && found->index == index) return *found;
  const auto place = open_.begin() + (found - reply_.choices.begin());
  open_.insert(place, Open{index, 0});
  const auto made = reply_.choices.insert(found, llm::Choice{});
  made->index = index;
  return *made;
}

void ReplyBuilder::add(const llm::Started& started) {
  reply_.id = started.id;
  reply_.model = started.model;
  reply_.created = started.created;
  reply_.service_tier = started.service_tier;
  reply_.system_fingerprint = started.system_fingerprint;
}

void ReplyBuilder::add(const llm::TextDelta& delta) {
  llm::Choice& into = choice(delta.choice);
  std::int64_t& block = std::ranges::find(open_, delta.choice, &Open::choice)->block;
  auto* text = last_of<llm::Text>(into);
  if (text == nullptr || block != delta.block) {
    into.blocks.push_back({llm::Text{}, {}});
    text = last_of<llm::Text>(into);
  }
  block = delta.block;
  text->text += delta.text;
  size_ += delta.text.size();
  into.logprobs.insert(into.logprobs.end(), delta.logprobs.begin(), delta.logprobs.end());
}

void ReplyBuilder::add(const llm::RefusalDelta& delta) {
  llm::Choice& into = choice(delta.choice);
  if (last_of<llm::Refusal>(into) == nullptr) into.blocks.push_back({llm::Refusal{}, {}});
  last_of<llm::Refusal>(into)->text += delta.text;
  size_ += delta.text.size();
}

void ReplyBuilder::add(const llm::ReasoningDelta& delta) {
  llm::Choice& into = choice(delta.choice);
  std::int64_t& block = std::ranges::find(open_, delta.choice, &Open::choice)->block;
  auto* thought = last_of<llm::Reasoning>(into);
  if (thought == nullptr || block != delta.block || !thought->redacted.empty() ||
      !delta.redacted.empty()) {
    into.blocks.push_back({llm::Reasoning{}, {}});
    thought = last_of<llm::Reasoning>(into);
  }
  block = delta.block;
  thought->text += delta.text;
  thought->signature += delta.signature;
  thought->redacted += delta.redacted;
  size_ += delta.text.size() + delta.signature.size() + delta.redacted.size();
}

void ReplyBuilder::add(const llm::ToolCallStarted& delta) {
  choice(delta.choice)
      .blocks.push_back({llm::ToolCall{delta.id, delta.name, {}, delta.signature, delta.kind}, {}});
}

void ReplyBuilder::add(const llm::ToolCallArguments& delta) {
  size_ += delta.fragment.size();
  llm::ToolCall* const call = call_at(choice(delta.choice), delta.index);
  if (call != nullptr) call->arguments += delta.fragment;
}

void ReplyBuilder::add(const llm::BlockDelta& delta) {
  choice(delta.choice).blocks.push_back(delta.content);
}

void ReplyBuilder::add(const llm::CitationDelta& delta) {
  llm::Choice& into = choice(delta.choice);
  if (last_of<llm::Text>(into) == nullptr) into.blocks.push_back({llm::Text{}, {}});
  last_of<llm::Text>(into)->citations.push_back(delta.citation);
}

void ReplyBuilder::add(const llm::Finished& delta) {
  llm::Choice& into = choice(delta.choice);
  into.finish = delta.finish;
  into.extras = delta.extras;
}

}  // namespace gatehouse::cache
