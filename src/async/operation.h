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

// What is awaited stands in the awaiting coroutine until the expression is done, so the awaiters
// below refer to it: an operation is never moved once it has been made.

/// Marks an operation whose outcome is wanted as a Result; for the operand of a co_await.
template <class Op>
struct AsResult {
  Op& operation;
};
template <class Op>
  requires(!std::is_reference_v<Op>)
// NOLINTNEXTLINE(*-missing-std-forward): it stays where it stands
AsResult<Op> as_result(Op&& operation) {
  return {operation};
}

/// An operation that shows its outcome where it lies, which spares the moves of take().
template <class Op>
concept ShowsOutcome = requires(Op& op) {
  { op.failure() } -> std::same_as<Error*>;  // nullptr: it went well
  op.value();                                // takes the value out, once
};

/// The outcome of an operation on its way to whoever awaits it.
template <Operation Op>
class Outcome {
 public:
  Error* settle(Op& operation) {
    taken_.emplace(operation.take());
    return taken_->has_value() ? nullptr : &*taken_->error();
  }
  auto value(Op& /*operation*/) {
    if constexpr (!std::is_void_v<typename Taken::value_type>) return std::move(**taken_);
  }

 private:
  using Taken = decltype(std::declval<Op&>().take());
  std::optional<Taken> taken_;
};
template <Operation Op>
  requires ShowsOutcome<Op>
class Outcome<Op> {
 public:
  Error* settle(Op& operation) { return operation.failure(); }
  auto value(Op& operation) { return operation.value(); }
};

/// The awaiter for `co_await operation`: a value, or out with the error.
template <Operation Op>
class AwaitValue : private Waiter {
 public:
  explicit AwaitValue(Op& operation) : Waiter(&resume_or_fail), operation_(operation) {}

  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) {
    coroutine_ = coroutine;
    promise_ = &coroutine.promise();
    if (operation_.start(*this)) return true;
    Error* const failure = outcome_.settle(operation_);
    if (failure == nullptr) return false;
    promise_->fail(std::move(*failure)).resume();
    return true;
  }

  auto await_resume() { return outcome_.value(operation_); }

 private:
  static std::coroutine_handle<> resume_or_fail(Waiter& waiter) noexcept {
    auto& self = static_cast<AwaitValue&>(waiter);
    Error* const failure = self.outcome_.settle(self.operation_);
    if (failure == nullptr) return self.coroutine_;
    return self.promise_->fail(std::move(*failure));
  }

  Op& operation_;
  [[no_unique_address]] Outcome<Op> outcome_;
  std::coroutine_handle<> coroutine_;
  PromiseBase* promise_ = nullptr;
};

/// The awaiter for `co_await as_result(operation)`.
template <Operation Op>
class AwaitResult : private Waiter {
 public:
  explicit AwaitResult(Op& operation) : Waiter(&resume), operation_(operation) {}
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

  Op& operation_;
  std::coroutine_handle<> coroutine_;
};

/// The awaiter for `co_await result`: "value, or out".
template <class T>
class AwaitFinished {
 public:
  explicit AwaitFinished(Result<T>& result) : result_(result) {}
  bool await_ready() const noexcept { return result_.has_value(); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> coroutine) {
    coroutine.promise().fail(std::move(result_.error())).resume();
  }
  T await_resume() {
    if constexpr (!std::is_void_v<T>) return std::move(*result_);
  }

 private:
  Result<T>& result_;
};

/// The co_await vocabulary shared by Task and Stream. Nothing else can be awaited.
class Awaits : public PromiseBase, public PooledFrame {
 public:
  template <Operation Op>
    requires(!std::is_reference_v<Op>)
  // NOLINTNEXTLINE(*-missing-std-forward): it stays where it stands
  AwaitValue<Op> await_transform(Op&& operation) {
    return AwaitValue<Op>(operation);
  }
  template <Operation Op>
  AwaitResult<Op> await_transform(AsResult<Op> wanted) {
    return AwaitResult<Op>(wanted.operation);
  }
  template <class T>
  AwaitFinished<T> await_transform(Result<T>&& result) {
    return AwaitFinished<T>(result);
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
