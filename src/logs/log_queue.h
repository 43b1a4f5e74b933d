// From the thread that served a request to the thread that writes its record. One queue an
// event-loop thread, so that nobody waits for anybody: the lock is only ever contended for the few
// nanoseconds in which the writer takes the whole queue away.
//
// Records travel packed (packed_batch.h). Thousands of them wait for the writer under load; as they
// are, each would be a kilobyte that has left the caches by the time it is filled in again, and by
// the time it is written. Packed they are fifty bytes, one behind the other.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "logs/log_record.h"
#include "logs/packed_batch.h"

namespace gatehouse::logs {

struct QueueLimits {
  std::size_t records = 16'384;
  std::size_t bytes = 32U << 20U;  // of bodies
  // The writer is woken early at this fill, which keeps memory small under load.
  std::size_t wake_records = 4000;
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
  /// An empty record to fill in.
  LogRecord& blank();
  /// Packs the record that `blank` gave last, credentials masked (redact.h). Never waits.
  void push() noexcept;

  /// The writer's side.
  /// Appends everything that waits; says how many records that was.
  std::size_t take(std::vector<PackedBatch>& into);

  /// Any thread. Counted since the start.
  Losses losses() const;

 private:
  bool take_in(LogRecord& record);

  const QueueLimits limits_;
  const std::function<void()> wake_;
  // The event loop's: the one at hand, and the one before it, which it is packed against.
  std::array<LogRecord, 2> records_;
  std::size_t at_hand_ = 0;
  std::mutex mutex_;
  std::vector<PackedBatch> waiting_;
  std::size_t waiting_records_ = 0;
  std::size_t waiting_bytes_ = 0;
  std::atomic<std::uint64_t> lost_records_{0};
  std::atomic<std::uint64_t> lost_bodies_{0};
};

}  // namespace gatehouse::logs
