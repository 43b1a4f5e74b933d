// Carries kept answers to the lasting store, in the background, many a transaction.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "cache/cache_store.h"
#include "cache/known_keys.h"
#include "cache/semantic_index.h"

namespace gatehouse::cache {

/// What the operator should hear of.
struct CacheTrouble {
  std::optional<Error> error;  // absent: the store takes answers again
  std::uint64_t dropped = 0;   // answers since the start
};

/// Fail-open: what the store refuses, and what comes faster than it writes, is dropped and counted;
/// such an answer lives in memory only. A process killed without warning loses what was pushed
/// within the last kPause plus the time of one transaction, and nothing else.
class CacheWriter {
 public:
  static constexpr std::chrono::milliseconds kPause{50};
  static constexpr std::chrono::minutes kTidyPause{1};
  static constexpr std::chrono::minutes kReportPause{1};
  static constexpr std::size_t kMaxWaiting = std::size_t{32} * 1024 * 1024;  // bytes

  using Report = std::function<void(const CacheTrouble&)>;
  /// `report` is called on the writer's thread, at most once a minute: with trouble, and when it is
  /// over. The others outlive it.
  CacheWriter(CacheStore& store, const Clock& clock, Report report)
      : store_(store), clock_(clock), report_(std::move(report)) {}

  /// Any thread.
  void push(const Key& key, EntryPtr entry);
  bool may_hold(const Key& key) const { return keys_.may_hold(key); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

  /// The body of the writer's thread: reads which keys there are and fills `index` with the vectors
  /// that are kept, then writes until it is asked to stop, and then once more.
  void run(const std::stop_token& stop, SemanticIndex& index);

  /// Both belong to that thread, and to tests.
  void load(SemanticIndex& index);
  void flush();

 private:
  void put(const std::vector<Kept>& batch);
  void tidy();
  void wait(const std::stop_token& stop);
  void load_keys();
  void report_news();

  CacheStore& store_;
  const Clock& clock_;
  const Report report_;
  KnownKeys keys_;
  std::mutex mutex_;  // guards what is pushed
  std::condition_variable_any pushed_;
  std::vector<Kept> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::atomic<std::uint64_t> dropped_{0};
  std::optional<MonotonicTime> tidied_;
  std::optional<Error> failure_;  // until the store takes a batch
  std::optional<Error> tidy_failure_;
  bool was_failure_reported_ = false;
  std::uint64_t dropped_when_tidied_ = 0;
  std::optional<MonotonicTime> reported_;
};

}  // namespace gatehouse::cache
