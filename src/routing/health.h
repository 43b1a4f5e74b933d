// What this process knows about each upstream (host, credential and model): whether its breaker is
// open, how quick it is, how many of its calls were retries. Requests that go to one target alone
// do not come here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routing/breaker.h"
#include "routing/latency.h"

namespace gatehouse::routing {

/// How much of an upstream's load may be retries: an outage is not multiplied.
struct RetryBudget {
  double share = 0.2;             // of the calls of the last ten seconds
  std::uint32_t per_second = 10;  // always allowed
};

/// A line about one upstream, for people and metrics.
struct UpstreamReport {
  std::string upstream;
  BreakerState state = BreakerState::closed;
  std::chrono::microseconds average{};
  std::optional<std::chrono::microseconds> p95;
};

/// Shared by all loops; every function takes a lock for a few dozen nanoseconds. What has not been
/// used for long makes room when there are kMostUpstreams.
class Health {
 public:
  static constexpr std::size_t kMostUpstreams = 4096;

  explicit Health(RetryBudget budget = {}) : budget_(budget) {}

  /// Asks the breaker. `probe`: the caller reports the outcome, or abandons the probe.
  Admission admit(std::string_view upstream, MonotonicTime now);
  void abandon(std::string_view upstream, MonotonicTime now);
  /// Whether admit() would refuse; takes no probe.
  bool is_open(std::string_view upstream, MonotonicTime now);

  void record_success(std::string_view upstream, std::optional<Latency::Duration> first_token,
                      MonotonicTime now);
  void record_failure(std::string_view upstream, const std::optional<exchange::BreakerRules>& rules,
                      MonotonicTime now);

  /// Counts a call of any kind.
  void count_call(std::string_view upstream, MonotonicTime now);
  /// Takes one retry out of the budget; false: there is none left.
  bool take_retry(std::string_view upstream, MonotonicTime now);
  /// Takes one hedge: at most `share` of the calls of the last ten seconds, and always one.
  bool take_hedge(std::string_view upstream, double share, MonotonicTime now);

  Latency::Duration average(std::string_view upstream, MonotonicTime now);
  std::optional<Latency::Duration> p95(std::string_view upstream, MonotonicTime now);

  std::vector<UpstreamReport> report(MonotonicTime now);

 private:
  static constexpr std::size_t kBudgetSeconds = 10;
  struct Upstream {
    Breaker breaker;
    Latency latency;
    RollingWindow<kBudgetSeconds> retries;
    RollingWindow<kBudgetSeconds> hedges;
    MonotonicTime used{};
  };
  Upstream& find(std::string_view upstream, MonotonicTime now);
  void make_room(MonotonicTime now);

  RetryBudget budget_;
  std::mutex mutex_;
  std::map<std::string, Upstream, std::less<>> upstreams_;
};

}  // namespace gatehouse::routing
