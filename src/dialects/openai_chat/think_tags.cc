#include "dialects/openai_chat/think_tags.h"

#include <algorithm>
#include <utility>

namespace gatehouse::dialects::openai_chat {
namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
constexpr std::string_view kSpace = " \t\r\n";

/// How many bytes at the end of `text` might be the beginning of `tag`.
std::size_t beginning_of(std::string_view text, std::string_view tag) {
  std::size_t length = std::min(text.size(), tag.size() - 1);
  while (length > 0 && !text.ends_with(tag.substr(0, length))) --length;
  return length;
}

std::string_view without_leading_space(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kSpace), text.size()));
}

}  // namespace

ThinkTags::Split ThinkTags::take(std::string_view piece) {
  Split split;
  if (state_ == State::answering) {
    split.text = piece;
    return split;
  }
  held_ += piece;
  if (state_ == State::start) leave_start();
  if (state_ == State::thinking) leave_thinking(split);
  if (state_ == State::gap) {
    held_ = std::string(without_leading_space(held_));
    if (!held_.empty()) state_ = State::answering;
  }
  if (state_ == State::answering) split.text = std::exchange(held_, {});
  return split;
}

void ThinkTags::leave_start() {
  const std::string_view text = without_leading_space(held_);
  if (kOpen.starts_with(text)) return;  // it may yet become the tag
  const bool has_thoughts = text.starts_with(kOpen);
  state_ = has_thoughts ? State::thinking : State::answering;
  if (has_thoughts) held_ = std::string(text.substr(kOpen.size()));
}

void ThinkTags::leave_thinking(Split& split) {
  const std::size_t close = held_.find(kClose);
  const bool is_over = close != std::string::npos;
  const std::size_t certain = is_over ? close : held_.size() - beginning_of(held_, kClose);
  split.thoughts = held_.substr(0, certain);
  held_.erase(0, is_over ? close + kClose.size() : certain);
  if (is_over) state_ = State::gap;
}

ThinkTags::Split ThinkTags::finish() {
  Split split;
  if (state_ == State::thinking) split.thoughts = std::move(held_);
  if (state_ == State::start) split.text = std::move(held_);
  held_.clear();
  return split;
}

}  // namespace gatehouse::dialects::openai_chat
