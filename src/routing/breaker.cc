#include "routing/breaker.h"

#include <algorithm>

namespace gatehouse::routing {

using exchange::BreakerRules;

std::string_view name_of(BreakerState state) {
  switch (state) {
    case BreakerState::closed: return "closed";
    case BreakerState::open: return "open";
    case BreakerState::half_open: return "half_open";
  }
  return "closed";
}

BreakerState Breaker::state(MonotonicTime now) const {
  if (!open_until_) return BreakerState::closed;
  return now < *open_until_ ? BreakerState::open : BreakerState::half_open;
}

Admission Breaker::admit(MonotonicTime now) {
  switch (state(now)) {
    case BreakerState::closed: return Admission::allowed;
    case BreakerState::open: return Admission::refused;
    case BreakerState::half_open: break;
  }
  if (probe_since_ && now - *probe_since_ < kProbePatience) return Admission::refused;
  probe_since_ = now;
  return Admission::probe;
}

void Breaker::record_success(MonotonicTime now) {
  failures_in_a_row_ = 0;
  if (open_until_) {
    // What failed before it was left alone says nothing about now.
    window_.clear();
    open_until_.reset();
    openings_in_a_row_ = 0;
  }
  probe_since_.reset();
  window_.add_call(now);
}

void Breaker::record_failure(const std::optional<BreakerRules>& rules, MonotonicTime now) {
  window_.add_call(now);
  window_.add_mark(now);
  ++failures_in_a_row_;
  switch (state(now)) {
    case BreakerState::open: return;  // it began before the others failed
    case BreakerState::half_open: open(rules, now); return;
    case BreakerState::closed: break;
  }
  if (has_failed_enough(rules, now)) open(rules, now);
}

bool Breaker::has_failed_enough(const std::optional<BreakerRules>& rules, MonotonicTime now) const {
  const auto counts = window_.sum(now);
  const double share = 100.0 * counts.marked / std::max(1U, counts.calls);
  if (!rules) {
    return failures_in_a_row_ >= kRow || (counts.calls >= kLeastCalls && share >= 50);
  }
  if (rules->failure_threshold > 0 && counts.marked > rules->failure_threshold) return true;
  return rules->failure_percentage && counts.calls >= std::max(1U, rules->minimum_requests) &&
         share > *rules->failure_percentage;
}

void Breaker::open(const std::optional<BreakerRules>& rules, MonotonicTime now) {
  std::chrono::milliseconds cooldown = kCooldown;
  if (rules) {
    cooldown = rules->cooldown;
  } else {
    const std::uint32_t doublings = std::min(openings_in_a_row_, 8U);
    cooldown = std::min(kCooldown * (1U << doublings), kLongestCooldown);
  }
  ++openings_in_a_row_;
  open_until_ = now + cooldown;
  probe_since_.reset();
}

}  // namespace gatehouse::routing
