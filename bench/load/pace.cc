#include "bench/load/pace.h"

namespace gatehouse::bench {

Pace::Pace(const Plan& plan, Time start)
    : requests_(plan.requests),
      rate_(plan.rate),
      start_(start),
      begin_(plan.requests > 0 ? start : start + plan.warm_up),
      end_(plan.requests > 0 ? start + plan.limit : begin_ + plan.window) {}

Time Pace::scheduled(std::uint64_t index) const {
  return start_ + Nanoseconds(static_cast<long long>(static_cast<double>(index) * 1e9 / rate_));
}

std::optional<Time> Pace::take(Time now) {
  if (requests_ > 0 && started_ == requests_) return std::nullopt;
  if (now >= end_) return std::nullopt;
  Time due = now;
  if (rate_ > 0) {
    due = scheduled(started_);
    if (due > now || due >= end_) return std::nullopt;
  }
  ++started_;
  return due;
}

std::optional<Time> Pace::next_due() const {
  return rate_ > 0 ? std::optional(scheduled(started_)) : std::nullopt;
}

}  // namespace gatehouse::bench
