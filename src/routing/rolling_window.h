// Counts of the last few seconds, in steps of a second: what is older falls out by itself.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace gatehouse::routing {

/// Two counters over the last `Seconds` seconds, the current one included. Not thread-safe.
template <std::size_t Seconds>
class RollingWindow {
 public:
  struct Counts {
    std::uint32_t calls = 0;
    std::uint32_t marked = 0;  // failures, retries: what the owner counts among its calls
  };

  void add_call(MonotonicTime now) { ++step(now).counts.calls; }
  void add_mark(MonotonicTime now) { ++step(now).counts.marked; }
  void clear() { steps_ = {}; }

  Counts sum(MonotonicTime now) const {
    const std::int64_t second = second_of(now);
    Counts total;
    for (const Step& each : steps_) {
      if (each.second <= second - static_cast<std::int64_t>(Seconds)) continue;
      total.calls += each.counts.calls;
      total.marked += each.counts.marked;
    }
    return total;
  }

 private:
  struct Step {
    std::int64_t second = -static_cast<std::int64_t>(Seconds);
    Counts counts;
  };
  static std::int64_t second_of(MonotonicTime now) {
    return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  }
  Step& step(MonotonicTime now) {
    const std::int64_t second = second_of(now);
    Step& found = steps_[static_cast<std::size_t>(second) % Seconds];
    if (found.second != second) found = {second, {}};
    return found;
  }

  std::array<Step, Seconds> steps_{};
};

}  // namespace gatehouse::routing
