// When a failed call is made again, and after how long (wire spec 3.5).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "exchange/plan.h"

namespace gatehouse::routing {

using Milliseconds = std::chrono::milliseconds;
using FieldList = std::vector<std::pair<std::string, std::string>>;

/// What an upstream asks for: `retry-after-ms`, `x-ms-retry-after-ms` (milliseconds), `retry-after`
/// (seconds, fractions too, or an HTTP date of RFC 9110 section 5.6.7 in any of its three forms).
/// Nothing if it asks for nothing that can be read. A date in the past: no wait.
std::optional<Milliseconds> retry_after_of(const FieldList& fields, WallTime now);

/// Seconds since 1970 of an HTTP date.
std::optional<std::int64_t> parse_http_date(std::string_view text);

/// The pause before retry `k` (from 1) that nobody asked for: 1, 2, 4, 8, 16 s or 1, 2, 3 s;
/// with jitter anything from half of it to one and a half times.
Milliseconds backoff_before(std::uint32_t k, const exchange::RetryRules& rules, Random& random);

/// The pauses of one leaf. A wait that an upstream asks for is granted while all of them stay below
/// kLongest together; then later pauses of our own choice are no more needed.
class Pauses {
 public:
  static constexpr Milliseconds kLongest{60'000};

  Pauses(const exchange::RetryRules& rules, Random& random) : rules_(&rules), random_(&random) {}
  /// Before retry `k`; nothing: do not retry, it would take too long.
  std::optional<Milliseconds> before(std::uint32_t k, std::optional<Milliseconds> asked);

 private:
  const exchange::RetryRules* rules_;
  Random* random_;
  Milliseconds granted_{};
};

}  // namespace gatehouse::routing
