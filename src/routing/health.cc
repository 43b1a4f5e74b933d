#include "routing/health.h"

#include <algorithm>

namespace gatehouse::routing {

Health::Upstream& Health::find(std::string_view upstream, MonotonicTime now) {
  auto found = upstreams_.find(upstream);
  if (found == upstreams_.end()) {
    if (upstreams_.size() >= kMostUpstreams) make_room(now);
    found = upstreams_.try_emplace(std::string(upstream)).first;
  }
  found->second.used = now;
  return found->second;
}

void Health::make_room(MonotonicTime now) {
  constexpr std::chrono::minutes kLong{10};
  std::erase_if(upstreams_, [&](const auto& each) { return now - each.second.used > kLong; });
  if (upstreams_.size() < kMostUpstreams) return;
  const auto oldest =
      std::ranges::min_element(upstreams_, {}, [](const auto& each) { return each.second.used; });
  upstreams_.erase(oldest);
}

Admission Health::admit(std::string_view upstream, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  return find(upstream, now).breaker.admit(now);
}

void Health::abandon(std::string_view upstream, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  find(upstream, now).breaker.forget_probe();
}

bool Health::is_open(std::string_view upstream, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  const auto found = upstreams_.find(upstream);
  return found != upstreams_.end() && found->second.breaker.state(now) == BreakerState::open;
}

void Health::record_success(std::string_view upstream, std::optional<Latency::Duration> first_token,
                            MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Upstream& found = find(upstream, now);
  found.breaker.record_success(now);
  if (first_token) found.latency.add(*first_token);
}

void Health::record_failure(std::string_view upstream,
                            const std::optional<exchange::BreakerRules>& rules, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  find(upstream, now).breaker.record_failure(rules, now);
}

void Health::count_call(std::string_view upstream, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Upstream& found = find(upstream, now);
  found.retries.add_call(now);
  found.hedges.add_call(now);
}

bool Health::take_retry(std::string_view upstream, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Upstream& found = find(upstream, now);
  const auto counts = found.retries.sum(now);
  const double allowed = std::max(static_cast<double>(budget_.per_second * kBudgetSeconds),
                                  budget_.share * counts.calls);
  if (counts.marked >= allowed) return false;
  found.retries.add_mark(now);
  return true;
}

bool Health::take_hedge(std::string_view upstream, double share, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Upstream& found = find(upstream, now);
  const auto counts = found.hedges.sum(now);
  if (counts.marked >= std::max(1.0, share * counts.calls)) return false;
  found.hedges.add_mark(now);
  return true;
}

Latency::Duration Health::average(std::string_view upstream, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  return find(upstream, now).latency.average();
}

std::optional<Latency::Duration> Health::p95(std::string_view upstream, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  return find(upstream, now).latency.p95();
}

std::vector<UpstreamReport> Health::report(MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  std::vector<UpstreamReport> lines;
  lines.reserve(upstreams_.size());
  for (const auto& [name, each] : upstreams_) {
    lines.push_back({name, each.breaker.state(now), each.latency.average(), each.latency.p95()});
  }
  return lines;
}

}  // namespace gatehouse::routing
