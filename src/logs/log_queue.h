// From the thread that served a request to the thread that writes its record. One queue an
// event-loop thread, so that nobody waits for anybody: the lock is only ever contended for the few
// nanoseconds in which the writer takes the whole queue away.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "logs/log_record.h"

namespace gatehouse::logs {

struct QueueLimits {
  std::size_t records = 16'384;
  std::size_t bytes = 32U << 20U;
  // The writer is woken early at this fill, which keeps memory small under load.
  std::size_t wake_records = 1000;
  std::size_t wake_bytes = 4U << 20U;
};

/// What did not reach the store.
struct Losses {
  std::uint64_t records = 0;
  std::uint64_t bodies = 0;  // records that are kept without their bodies

  friend bool operator==(const Losses&, const Losses&) = default;
};

/// Fail-open: a full queue never blocks. Beyond the byte limit records lose their bodies, beyond
/// the record limit they are dropped; both are counted.
class LogQueue {
 public:
  LogQueue(const QueueLimits& limits, std::function<void()> wake);

  /// The event loop's side.
  /// An empty record, if possible a used one.
  LogRecordPtr blank();
  /// Never throws, never waits, never frees a body on the caller's thread but when dropping it.
  void push(LogRecordPtr record) noexcept;

  /// The writer's side.
  /// Appends everything that waits; says how many records that was.
  std::size_t take(std::vector<LogRecordPtr>& into);
  /// Gives written records back for `blank`.
  void recycle(std::span<LogRecordPtr> records);

  /// Any thread. Counted since the start.
  Losses losses() const;

 private:
  const QueueLimits limits_;
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::vector<LogRecordPtr> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::vector<LogRecordPtr> blanks_;
  std::size_t kept_blanks_;
  std::vector<LogRecordPtr> at_hand_;  // the event loop's: some blanks, so that it locks rarely
  std::vector<LogRecordPtr> taken_;    // the writer's; swapped with waiting_, keeps its capacity
  std::atomic<std::uint64_t> lost_records_{0};
  std::atomic<std::uint64_t> lost_bodies_{0};
};

}  // namespace gatehouse::logs
