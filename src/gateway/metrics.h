// Counters for GET /metrics, one set a loop, added up when asked.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>

#include "exchange/exchange.h"

namespace gatehouse::gateway {

/// Written by one loop, read by whoever renders. The label sets are bounded: beyond kMaxSeries a
/// provider or model counts as "other".
class Metrics {
 public:
  static constexpr std::size_t kMaxSeries = 500;
  static constexpr std::array kBucketsMs = {5.0,   10.0,   25.0,   50.0,   100.0,   250.0,
                                            500.0, 1000.0, 2500.0, 5000.0, 10000.0, 60000.0};

  void count(const exchange::Exchange& exchange, exchange::Ending ending, MonotonicTime now);

  /// A request whose bodies the record does not take in, for want of room.
  void count_bodies_left_out() { bodies_left_out_.fetch_add(1, std::memory_order_relaxed); }

  /// The Prometheus text format of all loops' counters together.
  static std::string render(std::span<const Metrics* const> all);

 private:
  struct Series {
    std::uint64_t requests = 0;
    std::uint64_t prompt_tokens = 0;
    std::uint64_t completion_tokens = 0;
    double seconds = 0;
    double gateway_seconds = 0;
    std::array<std::uint64_t, kBucketsMs.size() + 1> buckets{};
  };
  struct Key {
    std::string provider;
    std::string model;
    std::string endpoint;
    int status = 0;
    exchange::Ending ending = exchange::Ending::complete;
    auto operator<=>(const Key&) const = default;
  };
  using Table = std::map<Key, Series>;
  static void merge(Table& into, const Table& from);
  using CacheCounts = std::array<std::uint64_t, exchange::kCacheStatusCount>;

  mutable std::mutex mutex_;  // contended only while somebody scrapes
  Table table_;
  CacheCounts cache_counts_{};
  std::atomic<std::uint64_t> bodies_left_out_{0};
  // The last key, since neighbours are mostly alike.
  Key last_key_;
  Series* last_ = nullptr;
};

}  // namespace gatehouse::gateway
