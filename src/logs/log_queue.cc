#include "logs/log_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gatehouse::logs {
namespace {

constexpr std::size_t kFewestBlanks = 64;
constexpr std::size_t kAtHand = 16;

std::size_t body_bytes(const LogRecord& record) {
  return record.request.text.size() + record.response.text.size();
}

/// Truncated to nothing: the reader sees that there was a body and that it was not kept.
void drop_body(LoggedBody& body) {
  if (body.state == BodyState::not_captured) return;
  body.text.clear();
  body.state = BodyState::truncated;
}

}  // namespace

LogQueue::LogQueue(const QueueLimits& limits, std::function<void()> wake)
    : limits_(limits), wake_(std::move(wake)), kept_blanks_(kFewestBlanks) {
  // `push` promises not to throw, so it must not allocate.
  waiting_.reserve(limits_.records);
  taken_.reserve(limits_.records);
}

LogRecordPtr LogQueue::blank() {
  if (at_hand_.empty()) {
    const std::scoped_lock lock(mutex_);
    const std::size_t count = std::min(blanks_.size(), kAtHand);
    const auto first = blanks_.end() - static_cast<std::ptrdiff_t>(count);
    at_hand_.insert(at_hand_.end(), std::move_iterator(first), std::move_iterator(blanks_.end()));
    blanks_.erase(first, blanks_.end());
  }
  if (at_hand_.empty()) return std::make_unique<LogRecord>();
  LogRecordPtr record = std::move(at_hand_.back());
  at_hand_.pop_back();
  return record;
}

void LogQueue::push(LogRecordPtr record) noexcept {
  const std::size_t bytes = body_bytes(*record);
  bool wakes = false;
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= limits_.records) {
      lost_records_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    const std::size_t before = waiting_bytes_;
    if (before + bytes > limits_.bytes) {
      drop_body(record->request);
      drop_body(record->response);
      lost_bodies_.fetch_add(1, std::memory_order_relaxed);
    } else {
      waiting_bytes_ += bytes;
    }
    waiting_.push_back(std::move(record));
    wakes = waiting_.size() == limits_.wake_records ||
            (before < limits_.wake_bytes && waiting_bytes_ >= limits_.wake_bytes);
  }
  if (wakes && wake_) wake_();
}

std::size_t LogQueue::take(std::vector<LogRecordPtr>& into) {
  std::vector<LogRecordPtr> surplus;  // freed after the lock
  {
    const std::scoped_lock lock(mutex_);
    waiting_.swap(taken_);
    waiting_bytes_ = 0;
    // As many blanks as the last drain used; after a burst the surplus goes in a second or two.
    kept_blanks_ = std::max({kFewestBlanks, taken_.size(), kept_blanks_ - kept_blanks_ / 8});
    while (blanks_.size() > kept_blanks_) {
      surplus.push_back(std::move(blanks_.back()));
      blanks_.pop_back();
    }
  }
  const std::size_t count = taken_.size();
  into.insert(into.end(), std::move_iterator(taken_.begin()), std::move_iterator(taken_.end()));
  taken_.clear();
  return count;
}

void LogQueue::recycle(std::span<LogRecordPtr> records) {
  for (const LogRecordPtr& record : records) record->clear();
  const std::scoped_lock lock(mutex_);
  const std::size_t room = kept_blanks_ - std::min(kept_blanks_, blanks_.size());
  const auto count = static_cast<std::ptrdiff_t>(std::min(records.size(), room));
  blanks_.insert(blanks_.end(), std::move_iterator(records.begin()),
                 std::move_iterator(records.begin() + count));
}

Losses LogQueue::losses() const {
  return {lost_records_.load(std::memory_order_relaxed),
          lost_bodies_.load(std::memory_order_relaxed)};
}

}  // namespace gatehouse::logs
