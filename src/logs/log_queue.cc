#include "logs/log_queue.h"

#include <iterator>
#include <utility>

#include "logs/redact.h"

namespace gatehouse::logs {
namespace {

std::size_t body_bytes(const LogRecord& record) {
  return record.request.text.size() + record.response.text.size();
}

/// Truncated to nothing: the reader sees that there was a body and that it was not kept.
void drop_body(LoggedBody& body) {
  if (body.state == BodyState::not_captured) return;
  body.text.clear();
  body.is_folded = false;
  body.state = BodyState::truncated;
}

}  // namespace

LogQueue::LogQueue(const QueueLimits& limits, std::function<void()> wake)
    : limits_(limits), wake_(std::move(wake)) {}

LogRecord& LogQueue::blank() {
  records_[at_hand_].clear();
  return records_[at_hand_];
}

void LogQueue::push() noexcept {
  LogRecord& record = records_[at_hand_];
  redact(record);
  bool wakes = false;
  {
    const std::scoped_lock lock(mutex_);
    wakes = take_in(record);
  }
  if (wakes && wake_) wake_();
}

/// Whether the writer is to be woken.
bool LogQueue::take_in(LogRecord& record) {
  if (waiting_records_ >= limits_.records) {
    lost_records_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  const std::size_t before = waiting_bytes_;
  if (const std::size_t bytes = body_bytes(record); before + bytes <= limits_.bytes) {
    waiting_bytes_ += bytes;
  } else {
    drop_body(record.request);
    drop_body(record.response);
    lost_bodies_.fetch_add(1, std::memory_order_relaxed);
  }
  if (waiting_.empty() || waiting_.back().is_full()) waiting_.emplace_back();
  waiting_.back().add(record);
  at_hand_ = 1 - at_hand_;  // this one stays as it is: the next one is packed against it
  return ++waiting_records_ == limits_.wake_records ||
         (before < limits_.wake_bytes && waiting_bytes_ >= limits_.wake_bytes);
}

std::size_t LogQueue::take(std::vector<PackedBatch>& into) {
  std::vector<PackedBatch> taken;
  std::size_t count = 0;
  {
    const std::scoped_lock lock(mutex_);
    taken.swap(waiting_);
    count = std::exchange(waiting_records_, 0);
    waiting_bytes_ = 0;
  }
  into.insert(into.end(), std::move_iterator(taken.begin()), std::move_iterator(taken.end()));
  return count;
}

Losses LogQueue::losses() const {
  return {lost_records_.load(std::memory_order_relaxed),
          lost_bodies_.load(std::memory_order_relaxed)};
}

}  // namespace gatehouse::logs
