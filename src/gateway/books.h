// The books of one loop: settled requests become log records and counters. No I/O here: the record
// goes into a queue that a thread of its own empties.
//
// They are written up some at a time, at the latest when the loop has done all of this turn: of the
// code and the memory that it takes, the first one then brings into the caches what the others find
// there (ADR 16).
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "gateway/body_allowance.h"
#include "gateway/metrics.h"
#include "gateway/settlement.h"
#include "logs/log_queue.h"

namespace gatehouse::gateway {

class RequestBooks final : public Books {
 public:
  /// `queue` may be null: nothing is recorded then. Both outlive the books.
  RequestBooks(logs::LogQueue* queue, Metrics& metrics) : queue_(queue), metrics_(metrics) {
    spare_.reserve(kSpare);  // close promises not to throw
  }

  void close(std::unique_ptr<Exchange> exchange, Ending ending) noexcept override;
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
  /// Requests written up so far; any thread.
  std::uint64_t closed() const { return closed_.load(std::memory_order_relaxed); }

 private:
  struct Settled {
    std::unique_ptr<Exchange> exchange;
    Ending ending{};
    MonotonicTime at{};
    std::string request_line;  // what the exchange views of the head
  };
  static constexpr std::size_t kSpare = 128;
  static constexpr std::size_t kTogether = 16;

  void write_up() noexcept;
  void write_up(Settled& settled);
  void take_back(std::unique_ptr<Exchange> closed) noexcept;

  logs::LogQueue* queue_;
  Metrics& metrics_;
  BodyAllowance allowance_;
  bool is_cutting_ = false;
  std::atomic<std::uint64_t> closed_{0};    // read by other threads
  std::array<Settled, kTogether> settled_;  // the first `waiting_` of them
  std::size_t waiting_ = 0;
  std::vector<std::unique_ptr<Exchange>> spare_;
};

}  // namespace gatehouse::gateway
