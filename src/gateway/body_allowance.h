// How much of bodies the record takes in. A gateway at full load would write hundreds of megabytes
// of them a second, and push out within a minute what its operator wants to look at.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace gatehouse::gateway {

/// A token bucket of one loop, in bytes: what has been kept is paid afterwards, so the last request
/// before it is empty is kept whole. Holds one second's worth.
class BodyAllowance {
 public:
  /// 0: no limit.
  void set_rate(std::uint64_t bytes_per_second) {
    rate_ = static_cast<double>(bytes_per_second);
    balance_ = rate_;
  }

  /// Whether the bodies of one more request may be kept.
  bool has_room(MonotonicTime now) {
    if (rate_ <= 0) return true;
    const std::chrono::duration<double> passed = now - filled_;
    balance_ = std::min(rate_, balance_ + passed.count() * rate_);
    filled_ = now;
    return balance_ > 0;
  }

  void spend(std::size_t bytes) { balance_ -= static_cast<double>(bytes); }

 private:
  double rate_ = 0;     // bytes a second
  double balance_ = 0;  // bytes
  MonotonicTime filled_{};
};

}  // namespace gatehouse::gateway
