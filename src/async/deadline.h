// Deadlines: intrusive nodes on a hashed timing wheel (Varghese and Lauck, 1987), one wheel a loop.
// Most deadlines are cancelled, and armed anew, long before their time. So both only write down the
// time: a deadline stays where it stands on the wheel, and when that place is passed it goes, or
// goes on to where it belongs by then. The resolution is coarse (kTick) on purpose.
#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace gatehouse::async {

class Loop;

namespace detail {
struct DeadlineLink {
  DeadlineLink* previous = this;
  DeadlineLink* next = this;
  void unlink() {
    previous->next = next;
    next->previous = previous;
    previous = next = this;
  }
  void insert_before(DeadlineLink& head) {
    previous = head.previous;
    next = &head;
    head.previous->next = this;
    head.previous = this;
  }
  bool is_alone() const { return next == this; }
};
}  // namespace detail

/// Calls back once, from the loop, when its time has come. Neither copied nor moved; destroying or
/// cancelling it means that it will not call. Belongs to the loop that was current when armed.
class Deadline : private detail::DeadlineLink {
 public:
  using Expired = void (*)(void* context);
  Deadline(Expired expired, void* context) : expired_(expired), context_(context) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { unlink(); }

  /// From now; a deadline that was armed is armed anew.
  void arm(std::chrono::milliseconds after);
  void cancel() { at_ = kNever; }
  bool is_armed() const { return at_ != kNever; }

 private:
  friend class DeadlineWheel;
  static constexpr MonotonicTime kNever = MonotonicTime::max();
  MonotonicTime at_ = kNever;
  MonotonicTime stands_at_{};  // on the wheel; not later than at_
  Expired expired_;
  void* context_;
};

class DeadlineWheel {
 public:
  static constexpr std::chrono::milliseconds kTick{4};

  explicit DeadlineWheel(MonotonicTime now) : tick_(tick_of(now)) {}
  DeadlineWheel(const DeadlineWheel&) = delete;
  DeadlineWheel& operator=(const DeadlineWheel&) = delete;
  /// Deadlines may outlive it; they will not call.
  ~DeadlineWheel();

  void arm(Deadline& deadline, MonotonicTime at) {
    deadline.at_ = at;
    if (deadline.is_alone() || at < deadline.stands_at_) place(deadline);
  }
  /// Calls everything that is due.
  void advance(MonotonicTime now);
  /// How long the loop may sleep: until the next occupied slot, at most one turn of the wheel.
  std::chrono::milliseconds time_to_next(MonotonicTime now) const;

 private:
  static constexpr std::size_t kSlots = 1024;
  static std::uint64_t tick_of(MonotonicTime time) {
    return static_cast<std::uint64_t>(time.time_since_epoch() / kTick);
  }
  void place(Deadline& deadline);
  void look_at(Deadline& deadline, MonotonicTime now, detail::DeadlineLink& due);
  void collect_due(std::size_t slot, MonotonicTime now, detail::DeadlineLink& due);

  std::array<detail::DeadlineLink, kSlots> slots_;
  std::bitset<kSlots> occupied_;  // may say yes for a slot whose deadlines are all gone
  std::uint64_t tick_;            // everything before it has been looked at
};

}  // namespace gatehouse::async
