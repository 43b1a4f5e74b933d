#include "async/deadline.h"

#include <algorithm>

#include "async/loop.h"

namespace gatehouse::async {

void Deadline::arm(std::chrono::milliseconds after) {
  Loop& loop = Loop::current();
  loop.deadlines().arm(*this, loop.now() + after);
}

DeadlineWheel::~DeadlineWheel() {
  for (detail::DeadlineLink& head : slots_) {
    while (!head.is_alone()) head.next->unlink();
  }
}

void DeadlineWheel::place(Deadline& deadline) {
  // Rounded up, so that nothing fires early; never into a slot that has been passed already.
  const std::uint64_t tick = std::max(tick_of(deadline.at_) + 1, tick_);
  const std::size_t slot = tick % kSlots;
  deadline.stands_at_ = deadline.at_;
  deadline.unlink();
  deadline.insert_before(slots_[slot]);
  occupied_.set(slot);
}

void DeadlineWheel::look_at(Deadline& deadline, MonotonicTime now, detail::DeadlineLink& due) {
  if (deadline.stands_at_ > now) return;  // it belongs to a later turn of the wheel
  if (deadline.at_ <= now) {
    deadline.unlink();
    deadline.insert_before(due);
  } else if (deadline.is_armed()) {
    place(deadline);
  } else {
    deadline.unlink();
  }
}

void DeadlineWheel::collect_due(std::size_t slot, MonotonicTime now, detail::DeadlineLink& due) {
  detail::DeadlineLink& head = slots_[slot];
  for (detail::DeadlineLink* link = head.next; link != &head;) {
    detail::DeadlineLink* const next = link->next;
    look_at(*static_cast<Deadline*>(link), now, due);
    link = next;
  }
  if (head.is_alone()) occupied_.reset(slot);
}

void DeadlineWheel::advance(MonotonicTime now) {
  const std::uint64_t current = tick_of(now);
  if (current < tick_) return;
  const std::uint64_t steps = std::min<std::uint64_t>(current - tick_ + 1, kSlots);
  detail::DeadlineLink due;
  for (std::uint64_t step = 0; step < steps; ++step) {
    const std::size_t slot = (current - step) % kSlots;
    if (occupied_.test(slot)) collect_due(slot, now, due);
  }
  tick_ = current + 1;
  // A callback may cancel others that are due, arm them anew, or destroy them.
  while (!due.is_alone()) {
    auto* deadline = static_cast<Deadline*>(due.next);
    deadline->unlink();
    if (deadline->at_ <= now) {
      deadline->cancel();
      deadline->expired_(deadline->context_);
    } else if (deadline->is_armed()) {
      place(*deadline);
    }
  }
}

std::chrono::milliseconds DeadlineWheel::time_to_next(MonotonicTime now) const {
  // Asked every turn, so by words of the set rather than slot by slot.
  const std::size_t from = tick_ % kSlots;
  std::size_t slot = occupied_.test(from) ? from : occupied_._Find_next(from);
  if (slot >= kSlots) slot = occupied_._Find_first();
  if (slot >= kSlots) return kTick * kSlots;
  const std::uint64_t ahead = (slot + kSlots - from) % kSlots;
  const auto at = MonotonicTime(kTick * static_cast<std::int64_t>(tick_ + ahead));
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(at - now),
                  std::chrono::milliseconds{0});
}

}  // namespace gatehouse::async
