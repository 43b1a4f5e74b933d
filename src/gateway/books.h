// The books of one loop: settled requests become log records and counters. No I/O here: the record
// goes into a queue that a thread of its own empties.
#pragma once

#include <atomic>

#include "gateway/body_allowance.h"
#include "gateway/metrics.h"
#include "gateway/settlement.h"
#include "logs/log_queue.h"

namespace gatehouse::gateway {

class RequestBooks final : public Books {
 public:
  /// `queue` may be null: nothing is recorded then. Both outlive the books.
  RequestBooks(logs::LogQueue* queue, Metrics& metrics) : queue_(queue), metrics_(metrics) {
    spare_.reserve(kSpare);  // take_back promises not to throw
  }

  void close(Exchange& exchange, Ending ending) noexcept override;
  void take_back(std::unique_ptr<Exchange> closed) noexcept override;
  /// An empty exchange, if possible a used one.
  std::unique_ptr<Exchange> open();
  /// Frees what is kept for the next requests.
  void trim() { spare_.clear(); }
  /// Of the bodies of one more request; see BodyAllowance.
  bool has_room_for_bodies(MonotonicTime now) {
    const bool has_room = allowance_.has_room(now);
    if (!has_room) metrics_.count_bodies_left_out();
    return has_room;
  }
  void set_body_rate(std::uint64_t bytes_per_second) { allowance_.set_rate(bytes_per_second); }
  bool is_cutting() const override { return is_cutting_; }
  void start_cutting() { is_cutting_ = true; }
  /// Settled requests so far; any thread.
  std::uint64_t closed() const { return closed_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kSpare = 128;

  logs::LogQueue* queue_;
  Metrics& metrics_;
  BodyAllowance allowance_;
  bool is_cutting_ = false;
  std::atomic<std::uint64_t> closed_{0};  // read by other threads
  std::vector<std::unique_ptr<Exchange>> spare_;
};

}  // namespace gatehouse::gateway
