// Thoughts that a model writes into its answer as <think>…</think>, as many open models do behind
// servers that do not take them out (Together, Perplexity, plain vLLM). Only tags at the very start
// of an answer count: later ones are what the answer is about.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::dialects::openai_chat {

/// Splits one answer, whole or in pieces that may cut a tag anywhere.
class ThinkTags {
 public:
  struct Split {
    std::string thoughts;
    std::string text;
  };
  /// What of `piece`, and of what was held back, is certain by now.
  Split take(std::string_view piece);
  /// What is left when the answer is over: a tag that never became one.
  Split finish();

 private:
  /// `gap` is the space between the thoughts and the answer, which belongs to neither.
  enum class State : std::uint8_t { start, thinking, gap, answering };

  void leave_start();
  void leave_thinking(Split& split);

  State state_ = State::start;
  std::string held_;  // might be the beginning of a tag
};

}  // namespace gatehouse::dialects::openai_chat
