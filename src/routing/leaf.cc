#include "routing/leaf.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "async/loop.h"
#include "async/until.h"
#include "base/text.h"
#include "routing/peek.h"
#include "routing/retry_policy.h"

namespace gatehouse::routing {

using async::Loop;
using async::Task;
using attempt::AnswerPtr;
using exchange::PlanNode;
using exchange::RetryRules;

namespace {

enum class Looking : std::uint8_t { no, until_committed };

MonotonicTime now() { return Loop::current().now(); }

/// The place of a probe, given back if its outcome is never known.
class Permit {
 public:
  Permit(Health& health, const std::string& upstream, Admission admission)
      : health_(health), upstream_(upstream), is_open_(admission == Admission::probe) {}
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;
  ~Permit() {
    if (is_open_) health_.abandon(upstream_, now());
  }
  void close() { is_open_ = false; }

 private:
  Health& health_;
  const std::string& upstream_;
  bool is_open_;
};

/// Passed-through answers keep their status of failure: what they ask for stands in their fields.
FieldList fields_of(const http::FieldLines& lines) {
  FieldList fields;
  for (const std::string_view line : split_list(lines.text(), '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    fields.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  return fields;
}

Judgement judge(const RunInput& input, const Result<AnswerPtr>& answer) {
  if (!answer) return input.caller->judge(answer.error());
  Judgement judged;
  judged.status = (*answer)->status;
  if ((*answer)->status >= 400) {
    judged.retry_after =
        retry_after_of(fields_of((*answer)->fields), Loop::current().clock().wall());
  }
  return judged;
}

bool is_listed(const std::vector<int>& list, int status) {
  return std::ranges::find(list, status) != list.end();
}

bool counts_against(const PlanNode& leaf, const Judgement& judged) {
  if (judged.kind == FailureKind::network || judged.kind == FailureKind::silence) return true;
  if (judged.kind == FailureKind::ends_all) return false;
  const bool has_list = leaf.breaker && !leaf.breaker->failure_status_codes.empty();
  if (has_list) return is_listed(leaf.breaker->failure_status_codes, judged.status);
  return judged.status >= 500;
}

bool may_retry(const RetryRules& rules, const Judgement& judged, const Rest& rest) {
  switch (judged.kind) {
    case FailureKind::network: return true;
    case FailureKind::ordinary: return is_listed(rules.on_status_codes, judged.status);
    // A route that is silent stays silent: the next target is asked instead, if there is one.
    case FailureKind::silence:
      return !rest.has_any() && is_listed(rules.on_status_codes, judged.status);
    case FailureKind::context_length:
    case FailureKind::content_filter:
    case FailureKind::ends_all: break;
  }
  return false;
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<AnswerPtr> try_once(const RunInput& input, const PlanNode& leaf, CallTerms terms,
                         Looking looking) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  AnswerPtr answer = co_await input.caller->call(leaf, std::move(terms));
  if (looking == Looking::no || answer->status >= 300) co_return std::move(answer);
  co_return co_await committed(std::move(answer), input.caller->shape());
}

Outcome outcome_of(const PlanNode& leaf, Result<AnswerPtr> answer, Judgement judged) {
  return {std::move(answer), judged, leaf.path, 0, {}};
}

Outcome passed_over(const PlanNode& leaf, const std::string& upstream) {
  Judgement judged;
  judged.status = 503;
  return outcome_of(leaf,
                    fail(upstream_error(ErrorCode::upstream_connection,
                                        "'" + upstream.substr(0, upstream.find(' ')) +
                                            "' has been failing and is left alone for a while.")),
                    judged);
}

void add_terms(CallTerms& terms, Milliseconds wait) {
  terms.reason = "retry";
  terms.wait = wait;
}

/// The tries of one leaf. Lives on the frame of run_leaf.
class Tries {
 public:
  Tries(const RunInput& input, const PlanNode& leaf, const Rest& rest, std::string upstream)
      : input_(input),
        leaf_(leaf),
        rest_(rest),
        upstream_(std::move(upstream)),
        rules_(leaf.retry.value_or(RetryRules{})),
        pauses_(rules_, input.random) {}

  const std::string& upstream() const { return upstream_; }
  /// A probe is one call: if it fails, the upstream is not well.
  void make_single() { rules_.attempts = 0; }
  Looking looking() const {
    const bool may_go_elsewhere = rest_.has_any() || rules_.attempts > 0;
    return may_go_elsewhere ? Looking::until_committed : Looking::no;
  }

  void record(const Outcome& outcome, MonotonicTime began) {
    Health& health = input_.memory.health;
    if (outcome.is_answered()) {
      health.record_success(upstream_, std::chrono::duration_cast<Latency::Duration>(now() - began),
                            now());
    } else if (counts_against(leaf_, outcome.judged)) {
      health.record_failure(upstream_, leaf_.breaker, now());
    } else if (outcome.judged.status >= 400 && outcome.judged.kind != FailureKind::ends_all) {
      health.record_success(upstream_, std::nullopt, now());  // it answers, if not what was wished
    }
  }

  /// The pause before retry `k`; nothing: it is over, and outcome.retries says why.
  std::optional<Milliseconds> pause(std::uint32_t k, Outcome& outcome) {
    outcome.retries = static_cast<int>(k) - 1;
    if (rules_.attempts == 0 || !may_retry(rules_, outcome.judged, rest_)) return std::nullopt;
    if (rest_.has_any() && input_.memory.health.is_open(upstream_, now())) return std::nullopt;
    outcome.retries = -1;
    if (k > rules_.attempts) return std::nullopt;
    const std::optional<Milliseconds> wait = pauses_.before(k, outcome.judged.retry_after);
    if (!wait || !input_.memory.health.take_retry(upstream_, now())) return std::nullopt;
    return wait;
  }

 private:
  const RunInput& input_;
  const PlanNode& leaf_;
  const Rest& rest_;
  std::string upstream_;
  RetryRules rules_;
  Pauses pauses_;
};

}  // namespace

bool Rest::has_any() const {
  for (const Rest* each = this; each != nullptr; each = each->outer) {
    if (each->order != nullptr && each->from < each->order->size()) return true;
  }
  return false;
}

namespace {
void append_leaves(const PlanNode& node, std::vector<const PlanNode*>& leaves) {
  if (node.is_leaf()) leaves.push_back(&node);
  for (const PlanNode& each : node.targets) append_leaves(each, leaves);
}
}  // namespace

std::vector<const PlanNode*> Rest::leaves() const {
  std::vector<const PlanNode*> found;
  for (const Rest* each = this; each != nullptr; each = each->outer) {
    if (each->order == nullptr) continue;
    for (std::size_t i = each->from; i < each->order->size(); ++i) {
      append_leaves(*(*each->order)[i], found);
    }
  }
  return found;
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Outcome> run_leaf(const RunInput& input, const PlanNode& leaf, Rest rest, std::string reason) {
  Result<std::string> upstream = input.caller->upstream_of(leaf);
  if (!upstream) {
    const Judgement judged = input.caller->judge(upstream.error());
    co_return outcome_of(leaf, std::unexpected(std::move(upstream.error())), judged);
  }
  Health& health = input.memory.health;
  Tries tries(input, leaf, rest, std::move(*upstream));
  const Admission admission = health.admit(tries.upstream(), now());
  if (admission == Admission::refused && rest.has_any()) {
    ++input.memory.counts.left_alone;
    co_return passed_over(leaf, tries.upstream());
  }
  Permit permit(health, tries.upstream(), admission);
  if (admission == Admission::probe) tries.make_single();
  CallTerms terms;
  terms.reason = std::move(reason);
  for (std::uint32_t k = 1;; ++k) {
    const MonotonicTime began = now();
    health.count_call(tries.upstream(), began);
    Result<AnswerPtr> answer = co_await as_result(try_once(input, leaf, terms, tries.looking()));
    const Judgement judged = judge(input, answer);
    Outcome outcome = outcome_of(leaf, std::move(answer), judged);
    // A kept answer says nothing of the upstream: not how quick it is, and not that it is well.
    if (!outcome.answer || !(*outcome.answer)->is_kept) {
      tries.record(outcome, began);
      permit.close();
    }
    if (outcome.is_answered()) {
      outcome.retries = static_cast<int>(k) - 1;
      outcome.rest = rest.leaves();
      co_return std::move(outcome);
    }
    const std::optional<Milliseconds> wait = tries.pause(k, outcome);
    if (!wait) co_return std::move(outcome);
    ++input.memory.counts.retries;
    co_await async::sleep_for(*wait);
    add_terms(terms, *wait);
  }
}

}  // namespace gatehouse::routing
