// A circuit breaker: an upstream that fails is left alone for a while, then asked once to see
// whether it is well again (Nygard, "Release It!"; states as in Envoy and Hystrix).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "exchange/plan.h"
#include "routing/rolling_window.h"

namespace gatehouse::routing {

enum class BreakerState : std::uint8_t { closed, open, half_open };
std::string_view name_of(BreakerState state);

/// Whether a call may go out, and as what.
enum class Admission : std::uint8_t { allowed, probe, refused };

/// Closed until the rules say that it fails; open for the cooldown; then half open: one call at a
/// time goes through as a probe. A probe that succeeds closes, one that fails opens again for twice
/// as long, up to kLongestCooldown. Without rules of a config (`cb_config`) the defaults are:
/// three failures in a row, or half of at least ten calls within the window; 10 s.
/// Not thread-safe.
class Breaker {
 public:
  static constexpr std::size_t kWindowSeconds = 60;
  static constexpr std::uint32_t kRow = 3;
  static constexpr std::uint32_t kLeastCalls = 10;
  static constexpr std::chrono::milliseconds kCooldown{10'000};
  static constexpr std::chrono::milliseconds kLongestCooldown{30'000};
  /// A probe whose outcome nobody reported is forgotten after this long.
  static constexpr std::chrono::seconds kProbePatience{60};

  BreakerState state(MonotonicTime now) const;
  /// Asks and, if the answer is `probe`, takes the one place there is.
  Admission admit(MonotonicTime now);
  void record_success(MonotonicTime now);
  void record_failure(const std::optional<exchange::BreakerRules>& rules, MonotonicTime now);
  /// The call ended without a verdict: its client left, or another target was quicker.
  void forget_probe() { probe_since_.reset(); }

 private:
  bool has_failed_enough(const std::optional<exchange::BreakerRules>& rules,
                         MonotonicTime now) const;
  void open(const std::optional<exchange::BreakerRules>& rules, MonotonicTime now);

  RollingWindow<kWindowSeconds> window_;
  std::uint32_t failures_in_a_row_ = 0;
  std::uint32_t openings_in_a_row_ = 0;
  std::optional<MonotonicTime> open_until_;
  std::optional<MonotonicTime> probe_since_;
};

}  // namespace gatehouse::routing
