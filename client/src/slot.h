// Where the network thread leaves an outcome, and a thread or a coroutine of the user finds it.
#pragma once

#include <condition_variable>
#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "async/until.h"
#include "client/src/raise.h"
#include "client/src/resumer.h"

namespace gatehouse::client {

/// What ends a call from outside: its time, or the user. Belongs to the loop.
class Stop {
 public:
  async::Trigger& trigger() { return trigger_; }
  void cancel() { fire(client_error(ErrorCode::client_gone, {})); }
  void time_out() {
    fire(upstream_error(ErrorCode::request_timeout, "OpenAIGPTConfig::timeout has passed."));
  }
  /// Why it ended; only after the trigger has fired.
  const Error& error() const { return error_; }

 private:
  void fire(Error error) {
    if (trigger_.has_fired()) return;
    error_ = std::move(error);
    trigger_.fire();
  }
  async::Trigger trigger_;
  Error error_;
};

/// One outcome, given once and taken once. Thread-safe.
template <class T>
class Slot : public std::enable_shared_from_this<Slot<T>> {
 public:
  bool has_outcome() const {
    const std::lock_guard lock(mutex_);
    return outcome_.has_value();
  }
  /// The coroutine goes on when there is an outcome. False: there is one already.
  bool resume_later(std::coroutine_handle<> waiting) {
    const std::lock_guard lock(mutex_);
    if (outcome_) return false;
    waiting_ = waiting;
    return true;
  }
  Outcome<T> wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return outcome_.has_value(); });
    return std::move(*outcome_);
  }
  /// No coroutine waits any more; what would resume it does nothing.
  void abandon() {
    const std::lock_guard lock(mutex_);
    waiting_ = {};
  }
  void finish(Outcome<T> outcome, Resumer& resumer) {
    bool has_waiting = false;
    {
      const std::lock_guard lock(mutex_);
      outcome_.emplace(std::move(outcome));
      has_waiting = static_cast<bool>(waiting_);
    }
    changed_.notify_all();
    if (!has_waiting) return;
    resumer.run([self = this->shared_from_this()]() mutable {
      const std::coroutine_handle<> waiting = self->take_waiting();
      self.reset();
      if (waiting) waiting.resume();
    });
  }

 private:
  std::coroutine_handle<> take_waiting() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Outcome<T>> outcome_;
  std::coroutine_handle<> waiting_;
};

}  // namespace gatehouse::client
