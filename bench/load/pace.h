// When the next request is due: by count, by rate, or whenever a connection is free.
#pragma once

#include <optional>

#include "bench/load/plan.h"

namespace gatehouse::bench {

class Pace {
 public:
  Pace(const Plan& plan, Time start);

  /// The time from which the next request counts, if one may start now. At a fixed rate that is the
  /// time it was due, even if no connection was free then: else a slow target would delay the very
  /// requests that show how slow it is.
  std::optional<Time> take(Time now);

  /// When to ask again, if nothing else happens before.
  std::optional<Time> next_due() const;

  Time window_begin() const { return begin_; }
  Time window_end() const { return end_; }
  std::uint64_t started() const { return started_; }

 private:
  Time scheduled(std::uint64_t index) const;

  std::uint64_t requests_;
  double rate_;
  Time start_;
  Time begin_;
  Time end_;
  std::uint64_t started_ = 0;
};

}  // namespace gatehouse::bench
