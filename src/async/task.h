// Task<T>: a lazy coroutine that ends with a T or an Error.
//
//     Task<Answer> ask(Upstream& upstream, Question question) {
//       Connection connection = co_await connect(upstream);   // value, or this Task ends with the
//       error co_return co_await exchange(connection, question);
//     }
//
// Ownership: the Task object owns the coroutine frame. Destroying it cancels: whatever the
// coroutine waits for is withdrawn and its locals and parameters are destroyed. Never destroy a
// Task from inside the coroutine that it owns. A Task belongs to one thread. A bug (an exception)
// inside travels as Error{internal}: `run_exchange` reports it once.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "async/operation.h"

namespace gatehouse::async {

/// The Error for an exception that should not have happened. Call inside a catch block or
/// unhandled_exception.
Error error_of_current_exception();

template <class T>
class [[nodiscard]] Task {
 public:
  class Promise;
  using promise_type = Promise;

  Task() = default;
  Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      cancel();
      coroutine_ = std::exchange(other.coroutine_, {});
    }
    return *this;
  }
  ~Task() { cancel(); }

  bool start(Waiter& waiter) {
    Promise& promise = coroutine_.promise();
    promise.begin(coroutine_, waiter);
    return !promise.outcome_.has_value();
  }
  Result<T> take() {
    Result<T> outcome = std::move(*coroutine_.promise().outcome_);
    cancel();  // the frame goes as soon as its outcome is known: what it held is released now
    return outcome;
  }
  /// The outcome where it lies, once there is one.
  Error* failure() {
    Result<T>& outcome = *coroutine_.promise().outcome_;
    return outcome.has_value() ? nullptr : &*outcome.error();
  }
  T value() {
    if constexpr (std::is_void_v<T>) {
      cancel();
    } else {
      T value = std::move(**coroutine_.promise().outcome_);
      cancel();
      return value;
    }
  }
  /// Destroys the coroutine wherever it stands.
  void cancel() {
    if (coroutine_) std::exchange(coroutine_, {}).destroy();
  }
  bool is_valid() const { return static_cast<bool>(coroutine_); }

 private:
  explicit Task(std::coroutine_handle<Promise> coroutine) : coroutine_(coroutine) {}
  std::coroutine_handle<Promise> coroutine_;
};

namespace detail {

// return_value and return_void cannot stand in one promise, hence the two bases.
template <class T>
struct TaskReturn {
  std::optional<Result<T>> outcome_;
  void return_value(T&& value) { outcome_.emplace(std::move(value)); }
  void return_value(const T& value) { outcome_.emplace(value); }
  void return_value(Result<T>&& result) { outcome_.emplace(std::move(result)); }
  template <class E>
  void return_value(std::unexpected<E> error) {
    outcome_.emplace(std::move(error));
  }
};
template <>
struct TaskReturn<void> {
  std::optional<Result<void>> outcome_;
  void return_void() { outcome_.emplace(); }
};

}  // namespace detail

template <class T>
class Task<T>::Promise : public Awaits, public detail::TaskReturn<T> {
 public:
  Task get_return_object() { return Task(std::coroutine_handle<Promise>::from_promise(*this)); }
  std::suspend_always initial_suspend() noexcept { return {}; }
  TellAtEnd final_suspend() noexcept { return {}; }
  void unhandled_exception() {
    this->outcome_.emplace(gatehouse::fail(error_of_current_exception()));
  }

  std::coroutine_handle<> fail(Error error) noexcept final {
    this->outcome_.emplace(gatehouse::fail(std::move(error)));
    return tell();
  }
};

}  // namespace gatehouse::async
