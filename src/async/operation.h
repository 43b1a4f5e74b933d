// What can be awaited, and how an error travels without exceptions.
//
// An *operation* is anything with
//     bool start(Waiter&)   begin; true: suspended, and the waiter is told once, later;
//                           false: finished already, the waiter is never told
//     Result<T> take()      the outcome, once
// and a destructor that cancels it. Task, Stream::Next, socket reads, sleeps are operations.
//
// `co_await operation` inside a Task or a Stream gives the value. If the outcome is an Error, the
// awaiting coroutine ends there with that Error: it is not resumed, its locals are destroyed when
// its owner destroys it. `co_await as_result(operation)` gives the Result<T> instead.
//
// Everything here belongs to one thread: the loop's.
#pragma once

#include <concepts>
#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "async/frame_pool.h"
#include "base/result.h"

namespace gatehouse::async {

/// Whoever waits for an operation. `done` runs at most once, from the loop or from the coroutine
/// that finished, and returns the coroutine to run next (or a no-op).
struct Waiter {
  using Done = std::coroutine_handle<> (*)(Waiter&) noexcept;
  explicit Waiter(Done callback) : done(callback) {}
  Done done;
};

/// What a coroutine's promise offers to the operations it awaits.
class PromiseBase {
 public:
  /// Ends the coroutine at the co_await where it stands. Returns the coroutine to run next.
  virtual std::coroutine_handle<> fail(Error error) noexcept = 0;

 protected:
  ~PromiseBase() = default;

 public:
  /// The coroutine has an outcome (or a yielded value): tell who waits. While `begin` is still on
  /// the stack the caller sees it for itself, so synchronous completion never deepens the stack.
  std::coroutine_handle<> tell() noexcept {
    if (is_starting_ || waiter_ == nullptr) return std::noop_coroutine();
    return waiter_->done(*waiter_);
  }
  /// Runs the coroutine until it suspends or tells.
  void begin(std::coroutine_handle<> coroutine, Waiter& waiter) {
    waiter_ = &waiter;
    is_starting_ = true;
    coroutine.resume();
    is_starting_ = false;
  }

 private:
  Waiter* waiter_ = nullptr;
  bool is_starting_ = false;
};

template <class Op>
concept Operation = requires(Op& op, Waiter& waiter) {
  { op.start(waiter) } -> std::same_as<bool>;
  op.take();
};

/// Marks an operation whose outcome is wanted as a Result.
template <class Op>
struct AsResult {
  Op operation;
};
template <class Op>
AsResult<Op> as_result(Op operation) {
  return {std::move(operation)};
}

/// The awaiter for `co_await operation`: a value, or out with the error.
template <Operation Op>
class AwaitValue : private Waiter {
 public:
  explicit AwaitValue(Op&& operation) : Waiter(&resume_or_fail), operation_(std::move(operation)) {}

  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) {
    coroutine_ = coroutine;
    promise_ = &coroutine.promise();
    if (operation_.start(*this)) return true;
    outcome_.emplace(operation_.take());
    if (outcome_->has_value()) return false;
    promise_->fail(std::move(outcome_->error())).resume();
    return true;
  }

  auto await_resume() {
    if constexpr (std::is_void_v<typename Outcome::value_type>) {
      return;
    } else {
      return std::move(**outcome_);
    }
  }

 private:
  using Outcome = decltype(std::declval<Op&>().take());

  static std::coroutine_handle<> resume_or_fail(Waiter& waiter) noexcept {
    auto& self = static_cast<AwaitValue&>(waiter);
    self.outcome_.emplace(self.operation_.take());
    if (self.outcome_->has_value()) return self.coroutine_;
    return self.promise_->fail(std::move(self.outcome_->error()));
  }

  Op operation_;
  std::optional<Outcome> outcome_;
  std::coroutine_handle<> coroutine_;
  PromiseBase* promise_ = nullptr;
};

/// The awaiter for `co_await as_result(operation)`.
template <Operation Op>
class AwaitResult : private Waiter {
 public:
  explicit AwaitResult(Op&& operation) : Waiter(&resume), operation_(std::move(operation)) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> coroutine) {
    coroutine_ = coroutine;
    return operation_.start(*this);
  }
  auto await_resume() { return operation_.take(); }

 private:
  static std::coroutine_handle<> resume(Waiter& waiter) noexcept {
    return static_cast<AwaitResult&>(waiter).coroutine_;
  }

  Op operation_;
  std::coroutine_handle<> coroutine_;
};

/// A Result is an operation that has already finished: `co_await result` is "value, or out".
template <class T>
class Finished {
 public:
  explicit Finished(Result<T> result) : result_(std::move(result)) {}
  bool start(Waiter& /*waiter*/) { return false; }
  Result<T> take() { return std::move(result_); }

 private:
  Result<T> result_;
};

/// The co_await vocabulary shared by Task and Stream. Nothing else can be awaited.
class Awaits : public PromiseBase, public PooledFrame {
 public:
  template <Operation Op>
  AwaitValue<Op> await_transform(Op operation) {
    return AwaitValue<Op>(std::move(operation));
  }
  template <Operation Op>
  AwaitResult<Op> await_transform(AsResult<Op> wanted) {
    return AwaitResult<Op>(std::move(wanted.operation));
  }
  template <class T>
  AwaitValue<Finished<T>> await_transform(Result<T> result) {
    return AwaitValue<Finished<T>>(Finished<T>(std::move(result)));
  }

 protected:
  ~Awaits() = default;
};

/// Final suspension: tell whoever waits.
struct TellAtEnd {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    return coroutine.promise().tell();
  }
  void await_resume() const noexcept {}
};

}  // namespace gatehouse::async
