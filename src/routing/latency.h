// What has been learned about how long an upstream takes to its first token.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace gatehouse::routing {

/// An average that forgets, for comparing upstreams, and a histogram that forgets, for its 95th
/// percentile. Not thread-safe.
class Latency {
 public:
  using Duration = std::chrono::microseconds;
  /// Fewer samples say nothing about the slowest twentieth.
  static constexpr std::uint32_t kLeastSamples = 20;

  void add(Duration sample);
  /// Exponentially weighted, the last sample counts for a fifth. 0 while nothing is known, so that
  /// who has not been tried yet is.
  Duration average() const { return Duration{static_cast<std::int64_t>(average_us_)}; }
  std::optional<Duration> p95() const;

 private:
  // From 1 ms upwards, each bucket a quarter wider than the one before: 64 of them reach 25 min.
  static constexpr std::size_t kBuckets = 64;
  static std::size_t bucket_of(Duration sample);
  static Duration end_of(std::size_t bucket);

  double average_us_ = 0;
  std::array<std::uint32_t, kBuckets> counts_{};
  std::uint32_t total_ = 0;
};

}  // namespace gatehouse::routing
