#include "routing/run_plan.h"

#include <algorithm>
#include <utility>

#include "async/loop.h"
#include "async/race.h"
#include "async/until.h"
#include "base/text.h"
#include "routing/leaf.h"

namespace gatehouse::routing {

using async::Loop;
using async::Task;
using exchange::PlanNode;
using Order = std::vector<const PlanNode*>;

namespace {

Task<Outcome> run_node(const RunInput& input, const PlanNode& node, Rest rest, std::string reason);

/// Whether the outcome is the node's, or the next target shall be tried (wire spec 3.2, fallback).
bool is_final(const PlanNode& node, const Outcome& outcome) {
  if (outcome.judged.kind == FailureKind::ends_all) return true;
  const auto& listed = node.strategy->on_status_codes;
  const int status = outcome.answer ? (*outcome.answer)->status : outcome.judged.status;
  const bool is_listed = listed && std::ranges::find(*listed, status) != listed->end();
  if (outcome.is_answered()) return !is_listed;
  if (outcome.judged.kind == FailureKind::context_length) return false;
  // A refusal for its content is an answer: others are asked only by whoever lists its status.
  if (outcome.judged.kind == FailureKind::content_filter) return !is_listed;
  return listed && !is_listed;
}

Outcome failed(const PlanNode& node, const RunInput& input, Error error) {
  Judgement judged = input.caller->judge(error);
  judged.kind = FailureKind::ends_all;
  return {std::unexpected(std::move(error)), judged, node.path, 0, {}};
}

/// A hedge that is due: when, and who pays for it.
struct HedgeTerms {
  std::chrono::milliseconds after{};
  double max_share = 1;
  std::string upstream;  // empty: the share does not matter
};

std::optional<HedgeTerms> hedge_of(const RunInput& input, const PlanNode& node,
                                   const PlanNode& first) {
  const std::optional<exchange::HedgeRules>& rules = node.strategy->hedge;
  if (!rules) {
    if (!input.caller->is_streaming() || input.limits.first_token.count() == 0) return {};
    return HedgeTerms{input.limits.first_token, 1, {}};
  }
  const Result<std::string> upstream = input.caller->upstream_of(first);
  if (!first.is_leaf() || !upstream) return {};
  if (rules->after) return HedgeTerms{*rules->after, rules->max_share, *upstream};
  const auto p95 = input.memory.health.p95(*upstream, Loop::current().now());
  if (!p95) return {};
  return HedgeTerms{std::chrono::ceil<std::chrono::milliseconds>(*p95), rules->max_share,
                    *upstream};
}

Task<Outcome> alarm(std::chrono::milliseconds after) {
  co_await async::sleep_for(after);
  co_return Outcome();
}

/// What a run of one place in the order came to, and how many places it took.
struct Taken {
  Outcome outcome;
  std::size_t places = 1;
};

bool may_hedge(const RunInput& input, const HedgeTerms& terms) {
  if (terms.upstream.empty()) return true;
  return input.memory.health.take_hedge(terms.upstream, terms.max_share, Loop::current().now());
}

/// The target at `at`, and if it takes longer than `terms` say, the one behind it as well. The
/// first that is answered wins, the other is cancelled; if one fails, the other is waited for.
// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Taken> run_hedged(const RunInput& input, const PlanNode& node, Rest here, HedgeTerms terms,
                       std::string reason) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  const Order& order = *here.order;
  const std::size_t at = here.from;
  const Rest behind_first{&order, at + 1, here.outer};
  const Rest behind_second{&order, at + 2, here.outer};
  async::Race<Outcome> race;
  const std::size_t first = race.add(run_node(input, *order[at], behind_first, reason));
  const std::size_t bell = race.add(alarm(terms.after));
  Taken taken;
  std::size_t running = 1;
  for (;;) {
    const std::size_t index = co_await race.next();
    Outcome outcome = co_await race.take(index);
    if (index == bell) {
      if (!may_hedge(input, terms)) continue;
      ++input.memory.counts.hedges;
      race.add(run_node(input, *order[at + 1], behind_second, "hedge"));
      taken.places = 2;
      ++running;
      continue;
    }
    --running;
    taken.outcome = std::move(outcome);
    const bool is_alone = index == first && taken.places == 1;
    if (running == 0 || is_alone || is_final(node, taken.outcome)) co_return std::move(taken);
  }
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Taken> run_place(const RunInput& input, const PlanNode& node, Rest here, std::string reason) {
  const PlanNode& target = *(*here.order)[here.from];
  const bool has_second = here.from + 1 < here.order->size();
  if (has_second) {
    if (std::optional<HedgeTerms> terms = hedge_of(input, node, target)) {
      co_return co_await run_hedged(input, node, here, std::move(*terms), std::move(reason));
    }
  }
  Taken taken;
  taken.outcome =
      co_await run_node(input, target, {here.order, here.from + 1, here.outer}, std::move(reason));
  co_return std::move(taken);
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Outcome> run_in_order(const RunInput& input, const PlanNode& node, Order order, Rest outer) {
  const char* reason = "first";
  for (std::size_t at = 0;;) {
    Taken taken = co_await run_place(input, node, {&order, at, &outer}, reason);
    at += taken.places;
    if (at >= order.size() || is_final(node, taken.outcome)) co_return std::move(taken.outcome);
    ++input.memory.counts.next_targets;
    reason = "fallback";
  }
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Outcome> run_node(const RunInput& input, const PlanNode& node, Rest rest, std::string reason) {
  if (node.is_leaf()) co_return co_await run_leaf(input, node, rest, std::move(reason));
  const ChoiceInput choice{*input.caller, input.memory.health, input.memory.sticky, input.random,
                           Loop::current().now()};
  Result<Order> order = choose(node, choice);
  if (!order) co_return failed(node, input, std::move(order.error()));
  // A body that is passed on as it comes cannot be sent twice.
  if (!input.caller->can_repeat()) order->resize(1);
  if (order->size() > 1) co_return co_await run_in_order(input, node, std::move(*order), rest);
  co_return co_await run_node(input, *order->front(), rest, std::move(reason));
}

bool can_be_taken_up(const RunInput& input, const Outcome& outcome) {
  if (!input.limits.recovers_streams || !outcome.is_answered() || outcome.rest.empty())
    return false;
  return input.caller->shape() == EventShape::chat && (*outcome.answer)->content_encoding.empty() &&
         starts_with_ignoring_case((*outcome.answer)->content_type, "text/event-stream");
}

}  // namespace

Task<Routed> run_plan(RunInput input) {
  Outcome outcome = co_await run_node(input, input.plan->root, Rest(), "first");
  if (can_be_taken_up(input, outcome)) {
    auto recovery = std::make_unique<Recovery>(
        Recovery{input.plan, input.caller, std::move(outcome.rest), &input.memory.health,
                 input.limits.stall, &input.memory.counts});
    (*outcome.answer)->body =
        recover_stream(std::move((*outcome.answer)->body), std::move(recovery));
    (*outcome.answer)->length.reset();
  }
  co_return Routed{std::move(outcome.answer), std::move(outcome.path), outcome.retries};
}

}  // namespace gatehouse::routing
