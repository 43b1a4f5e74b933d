// A stream whose next value must come within a while.
#pragma once

#include "async/deadline.h"
#include "async/stream.h"

namespace gatehouse::async {

/// Owns the stream. Neither copied nor moved; one next() at a time.
template <class T>
class TimedStream : private Waiter {
 public:
  explicit TimedStream(Stream<T> stream) : Waiter(&arrived), stream_(std::move(stream)) {}
  TimedStream(const TimedStream&) = delete;
  TimedStream& operator=(const TimedStream&) = delete;

  /// Another stream in its place; the old one is destroyed.
  void replace(Stream<T> stream) { stream_ = std::move(stream); }

  class Next {
   public:
    Next(TimedStream& timed, std::chrono::milliseconds limit, Error late)
        : timed_(&timed), limit_(limit), late_(std::move(late)) {}
    bool start(Waiter& waiter) { return timed_->start(waiter, limit_); }
    Result<T*> take() {
      timed_->deadline_.cancel();
      if (timed_->is_late_) return std::unexpected(std::move(late_));
      return timed_->operation_->take();
    }

   private:
    TimedStream* timed_;
    std::chrono::milliseconds limit_;
    Error late_;
  };
  /// `late` if nothing has come within `limit` (0: no limit); the stream is destroyed then.
  Next next(std::chrono::milliseconds limit, Error late) { return {*this, limit, std::move(late)}; }

 private:
  static std::coroutine_handle<> arrived(Waiter& waiter) noexcept {
    auto& self = static_cast<TimedStream&>(waiter);
    self.deadline_.cancel();
    Waiter* const waiting = std::exchange(self.waiter_, nullptr);
    return waiting->done(*waiting);
  }
  static void expired(void* context) {
    auto* self = static_cast<TimedStream*>(context);
    self->is_late_ = true;
    self->stream_.cancel();
    Waiter* const waiting = std::exchange(self->waiter_, nullptr);
    waiting->done(*waiting).resume();
  }

  bool start(Waiter& waiter, std::chrono::milliseconds limit) {
    is_late_ = false;
    operation_.emplace(stream_.next());
    if (!operation_->start(*this)) return false;
    waiter_ = &waiter;
    if (limit.count() > 0) deadline_.arm(limit);
    return true;
  }

  Stream<T> stream_;
  std::optional<typename Stream<T>::Next> operation_;
  Waiter* waiter_ = nullptr;
  Deadline deadline_{&expired, this};
  bool is_late_ = false;
};

}  // namespace gatehouse::async
