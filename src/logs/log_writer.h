// Drains the queues into the store, in the background, many records a transaction.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "logs/log_queue.h"
#include "logs/log_store.h"

namespace gatehouse::logs {

/// What the operator should hear of: the store refuses records, or records were lost.
struct LogTrouble {
  std::optional<Error> error;  // absent: the store takes records (again)
  Losses losses;               // since the start
};

/// Fail-open. While the store fails, the batch at hand is kept and tried again once a second and
/// the queues fill up to their limits; beyond that records are dropped and counted. Trouble, and
/// that it is over, is reported at once but never more than once a minute.
///
/// A process killed without warning loses what was pushed within the last kDrainPeriod plus the
/// time of one transaction.
class LogWriter {
 public:
  static constexpr std::chrono::milliseconds kDrainPeriod{50};

  /// `report` is called on the writer's thread. The store and the clock must outlive the writer.
  LogWriter(LogStore& store, const Clock& clock, std::function<void(const LogTrouble&)> report);

  /// One for each event-loop thread. All of them before `run` starts; they live as long as the
  /// writer.
  LogQueue& add_queue(const QueueLimits& limits = {});

  /// Drains at least every kDrainPeriod until it is asked to stop, then one last time. This is the
  /// body of the writer's thread (store/log_thread.h); records pushed after the stop are lost.
  void run(const std::stop_token& stop);

  /// Stores what waits now, unless the store failed within the last second. The writer's thread.
  void drain();
  /// The same without that pause; records that the store still refuses are lost. For the end.
  void flush();

  /// Any thread.
  void wake();
  Losses losses() const;
  std::uint64_t written() const { return written_.load(std::memory_order_relaxed); }

 private:
  void wait(const std::stop_token& stop);
  void rest();
  void take_all();
  void store_batch();
  void report_news();
  void tidy();

  LogStore& store_;
  const Clock& clock_;
  const std::function<void(const LogTrouble&)> report_;
  std::vector<std::unique_ptr<LogQueue>> queues_;
  std::vector<PackedBatch> batches_;  // taken from the queues, not stored yet
  bool was_busy_ = false;             // the last drain found records
  int quiet_drains_ = 0;              // in a row
  std::optional<Error> failure_;
  std::optional<Error> tidy_failure_;
  Losses reported_;
  bool was_error_reported_ = false;
  MonotonicTime retry_at_{};
  MonotonicTime report_at_{};
  MonotonicTime tidy_at_{};
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;
};

}  // namespace gatehouse::logs
