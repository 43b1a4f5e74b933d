// How much Claude shall think: from an OpenAI effort, or from Anthropic's own `thinking`, to what a
// model takes. Source: Anthropic documentation, "Extended thinking", "Adaptive thinking", "Effort".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dialects/anthropic_messages/model_traits.h"
#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"
#include "dialects/turns.h"

namespace gatehouse::dialects::anthropic_messages {

struct ThinkingPlan {
  enum class Kind : std::uint8_t { unsaid, disabled, budget, adaptive };
  Kind kind = Kind::unsaid;
  std::int64_t budget = 0;
  std::string_view effort;      // for `output_config`; empty if none
  std::int64_t max_tokens = 0;  // always set: the protocol demands a limit

  bool is_on() const { return kind == Kind::budget || kind == Kind::adaptive; }
};

/// Explicit thinking wins over an effort. A wish that cannot be met with this conversation or limit
/// is dropped; so is an effort where the client forces a tool, since Claude cannot do both.
ThinkingPlan plan_thinking(const llm::Call& call, const ModelTraits& traits,
                           const std::vector<Turn>& turns, EncodeLedger& ledger);

/// The `thinking` member, if there is anything to say.
void write_thinking(JsonWriter& json, const ThinkingPlan& plan);

}  // namespace gatehouse::dialects::anthropic_messages
