// A task that something else may end: the client left, the time ran out, the gateway drains.
#pragma once

#include "async/deadline.h"
#include "async/loop.h"
#include "async/task.h"

namespace gatehouse::async {

/// Something that happens once. fire() is called from the loop, never from inside a coroutine.
class Trigger {
 public:
  void fire() {
    has_fired_ = true;
    wake(waiter_);
  }
  bool has_fired() const { return has_fired_; }
  void reset() { has_fired_ = false; }

 private:
  template <class T>
  friend class Until;
  friend class Fired;
  Waiter* waiter_ = nullptr;
  bool has_fired_ = false;
};

/// The operation of waiting for a trigger.
class Fired {
 public:
  explicit Fired(Trigger& trigger) : trigger_(&trigger) {}
  Fired(Fired&& other) noexcept
      : trigger_(std::exchange(other.trigger_, nullptr)),
        waiter_(std::exchange(other.waiter_, nullptr)) {}
  Fired(const Fired&) = delete;
  Fired& operator=(const Fired&) = delete;
  Fired& operator=(Fired&&) = delete;
  ~Fired() {
    if (waiter_ != nullptr && trigger_->waiter_ == waiter_) trigger_->waiter_ = nullptr;
  }
  bool start(Waiter& waiter) {
    if (trigger_->has_fired()) return false;
    trigger_->waiter_ = waiter_ = &waiter;
    return true;
  }
  Result<void> take() { return {}; }

 private:
  Trigger* trigger_;
  Waiter* waiter_ = nullptr;
};

/// `co_await until(task, trigger, error)`: the task's outcome, or `error` if the trigger fires
/// first; then the task is destroyed where it stands. The trigger must outlive the operation; one
/// Until (or Fired) waits for a trigger at a time.
template <class T>
class Until : private Waiter {
 public:
  Until(Task<T> task, Trigger& trigger, Error otherwise)
      : Waiter(&task_done),
        task_(std::move(task)),
        trigger_(&trigger),
        otherwise_(std::move(otherwise)) {}
  Until(Until&& other) noexcept
      : Waiter(&task_done),
        task_(std::move(other.task_)),
        trigger_(std::exchange(other.trigger_, nullptr)),
        otherwise_(std::move(other.otherwise_)) {}
  Until(const Until&) = delete;
  Until& operator=(const Until&) = delete;
  Until& operator=(Until&&) = delete;
  ~Until() { disarm(); }

  bool start(Waiter& waiter) {
    waiter_ = &waiter;
    if (trigger_->has_fired()) {
      task_.cancel();
      return false;
    }
    if (!task_.start(*this)) return false;
    if (trigger_->has_fired()) {  // it fired while the task was starting
      task_.cancel();
      return false;
    }
    trigger_->waiter_ = &on_trigger_;
    return true;
  }
  Result<T> take() {
    disarm();
    if (!task_.is_valid()) return std::unexpected(std::move(otherwise_));
    return task_.take();
  }

 private:
  struct OnTrigger : Waiter {
    explicit OnTrigger(Until& until) : Waiter(&fired), owner(until) {}
    static std::coroutine_handle<> fired(Waiter& waiter) noexcept {
      Until& until = static_cast<OnTrigger&>(waiter).owner;
      until.task_.cancel();
      return until.waiter_->done(*until.waiter_);
    }
    Until& owner;
  };
  static std::coroutine_handle<> task_done(Waiter& waiter) noexcept {
    auto& self = static_cast<Until&>(waiter);
    self.disarm();
    return self.waiter_->done(*self.waiter_);
  }
  void disarm() {
    if (trigger_ != nullptr && trigger_->waiter_ == &on_trigger_) trigger_->waiter_ = nullptr;
  }

  Task<T> task_;
  Trigger* trigger_;
  Error otherwise_;
  Waiter* waiter_ = nullptr;
  OnTrigger on_trigger_{*this};
};

template <class T>
Until<T> until(Task<T> task, Trigger& trigger, Error otherwise) {
  return Until<T>(std::move(task), trigger, std::move(otherwise));
}

/// A trigger that fires after a while.
class Timer {
 public:
  explicit Timer(std::chrono::milliseconds after) { deadline_.arm(after); }
  Timer() = default;
  void arm(std::chrono::milliseconds after) { deadline_.arm(after); }
  Trigger& trigger() { return trigger_; }

 private:
  Trigger trigger_;
  Deadline deadline_{[](void* context) { static_cast<Trigger*>(context)->fire(); }, &trigger_};
};

/// Suspends for a while. On the loop's clock, so a test moves it.
inline Task<void> sleep_for(std::chrono::milliseconds duration) {
  Timer timer(duration);
  co_await Fired(timer.trigger());
}

}  // namespace gatehouse::async
