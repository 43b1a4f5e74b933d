#include "dialects/anthropic_messages/thinking.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace gatehouse::dialects::anthropic_messages {
namespace {

using Kind = ThinkingPlan::Kind;
using Mode = llm::ReasoningWish::Mode;

constexpr std::int64_t kLeastBudget = 1024;
constexpr std::int64_t kUnsaidBudget = 8192;

struct EffortBudget {
  std::string_view effort;
  std::int64_t tokens;
};
constexpr std::array kBudgets = {
    EffortBudget{"minimal", 1024}, EffortBudget{"low", 1024},    EffortBudget{"medium", 8192},
    EffortBudget{"high", 16384},   EffortBudget{"xhigh", 32768}, EffortBudget{"max", 32768},
};

std::int64_t budget_of(std::string_view effort) {
  const auto found = std::ranges::find(kBudgets, effort, &EffortBudget::effort);
  return found == kBudgets.end() ? kUnsaidBudget : found->tokens;
}

/// The nearest effort that the model has a word for.
std::string_view nearest_effort(std::string_view effort, const ModelTraits& traits) {
  if (traits.efforts.empty() || effort.empty() || effort == "none") return {};
  if (effort == "minimal") return "low";
  for (const std::string_view word : split_list(traits.efforts, ' ')) {
    if (word == effort) return word;
  }
  return "high";
}

std::string_view effort_of_budget(std::int64_t budget) {
  return budget <= 1024 ? "low" : budget <= 8192 ? "medium" : "high";
}

/// What the words of the call come to, before anything else is looked at.
ThinkingPlan wished(const llm::ReasoningWish& wish, const ModelTraits& traits) {
  ThinkingPlan plan;
  plan.effort = nearest_effort(wish.effort, traits);
  if (!wish.is_said() || traits.thinking == Thinking::none) return plan;
  const bool is_off = wish.mode == Mode::disabled ||
                      (wish.mode == Mode::unsaid && !wish.budget && wish.effort == "none");
  const bool takes_budget =
      traits.thinking == Thinking::budget || (traits.thinking == Thinking::either && wish.budget);
  if (is_off) {
    plan.kind = Kind::disabled;
  } else if (takes_budget) {
    plan.kind = Kind::budget;
    plan.budget = std::max(kLeastBudget, wish.budget.value_or(budget_of(wish.effort)));
  } else {
    plan.kind = Kind::adaptive;
    if (plan.effort.empty() && wish.budget) {
      plan.effort = nearest_effort(effort_of_budget(*wish.budget), traits);
    }
  }
  return plan;
}

/// A budget must leave room for the answer below the limit of tokens: half of it if the budget is
/// our translation of an effort. One that the client chose stands, if the limit is its choice too.
void fit_budget(const llm::Call& call, ThinkingPlan& plan) {
  if (!call.reasoning.budget) plan.budget = std::min(plan.budget, plan.max_tokens / 2);
  if (!call.max_tokens) plan.budget = std::min(plan.budget, plan.max_tokens - kLeastBudget);
}

bool is_tool_forced(const llm::Call& call) {
  if (!call.tool_choice) return false;
  const auto mode = call.tool_choice->mode;
  return mode == llm::ToolChoice::Mode::required || mode == llm::ToolChoice::Mode::named;
}

}  // namespace

ThinkingPlan plan_thinking(const llm::Call& call, const ModelTraits& traits,
                           const std::vector<Turn>& turns, EncodeLedger& ledger) {
  const llm::ReasoningWish& wish = call.reasoning;
  ThinkingPlan plan = wished(wish, traits);
  plan.max_tokens = call.max_tokens.value_or(traits.max_output);
  const std::string_view param = wish.mode == Mode::unsaid ? "reasoning_effort" : "thinking";
  if (wish.is_said() && traits.thinking == Thinking::none) ledger.drop(param);
  if (plan.kind == Kind::budget) fit_budget(call, plan);
  const bool is_too_small = plan.kind == Kind::budget && plan.budget < kLeastBudget;
  const bool breaks_history = plan.kind == Kind::budget && lacks_thoughts_before_results(turns);
  // The tool that a client forces says more about the answer it needs than an effort does.
  const bool yields_to_tool = plan.is_on() && is_tool_forced(call) && wish.mode == Mode::unsaid;
  if (is_too_small || breaks_history || yields_to_tool) {
    ledger.drop(param);
    plan.kind = Kind::unsaid;
  }
  return plan;
}

void write_thinking(JsonWriter& json, const ThinkingPlan& plan) {
  switch (plan.kind) {
    case Kind::unsaid: return;
    case Kind::disabled: json.open("thinking").text("type", "disabled").close(); return;
    case Kind::adaptive: json.open("thinking").text("type", "adaptive").close(); return;
    case Kind::budget:
      json.open("thinking").text("type", "enabled").integer("budget_tokens", plan.budget).close();
      return;
  }
}

}  // namespace gatehouse::dialects::anthropic_messages
