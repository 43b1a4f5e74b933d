// Stream<T>: a lazy sequence, pulled one value at a time. Nobody pulls, nothing flows: that is the
// back-pressure. A filter is a function from stream to stream:
//
//     Stream<Chunk> shout(Stream<Chunk> in) {
//       while (Chunk* chunk = co_await in.next()) {
//         uppercase(*chunk);
//         co_yield *chunk;
//       }
//     }
//
// A value is not copied on its way: it stays with the coroutine that yields it, and is there until
// the one who got it asks for the next or takes it by moving it out. Filters pass it on where it
// is.
//
// It ends in one of three ways: the coroutine returns (next() gives nullptr), an Error ends it
// (`co_await in.next()` passes it on by itself), or its owner destroys it, which cancels.
// A Stream that is destroyed before its first next() never runs its body; its *parameters* are
// destroyed all the same. So what must happen at the end is a by-value parameter, never a local.
#pragma once

#include <coroutine>
#include <utility>

#include "async/operation.h"
#include "async/task.h"

namespace gatehouse::async {

template <class T>
class [[nodiscard]] Stream {
 public:
  class Promise;
  using promise_type = Promise;

  /// The operation behind next(). Must not outlive the stream.
  class Next {
   public:
    explicit Next(std::coroutine_handle<Promise> coroutine) : coroutine_(coroutine) {}
    bool start(Waiter& waiter);
    Result<T*> take();
    /// The outcome where it lies.
    Error* failure();
    T* value() { return coroutine_ ? coroutine_.promise().value_ : nullptr; }

   private:
    std::coroutine_handle<Promise> coroutine_;
  };

  Stream() = default;
  Stream(Stream&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  Stream& operator=(Stream&& other) noexcept {
    if (this != &other) {
      cancel();
      coroutine_ = std::exchange(other.coroutine_, {});
    }
    return *this;
  }
  ~Stream() { cancel(); }

  /// The next value, or nullptr at the end. After an end or an error: nullptr.
  Next next() { return Next(coroutine_); }
  bool is_valid() const { return static_cast<bool>(coroutine_); }
  void cancel() {
    if (coroutine_) std::exchange(coroutine_, {}).destroy();
  }

 private:
  explicit Stream(std::coroutine_handle<Promise> coroutine) : coroutine_(coroutine) {}
  std::coroutine_handle<Promise> coroutine_;
};

template <class T>
class Stream<T>::Promise : public Awaits {
 public:
  Stream get_return_object() { return Stream(std::coroutine_handle<Promise>::from_promise(*this)); }
  std::suspend_always initial_suspend() noexcept { return {}; }
  TellAtEnd final_suspend() noexcept {
    is_finished_ = true;
    return {};
  }
  TellAtEnd yield_value(T& value) {
    value_ = &value;
    return {};
  }
  TellAtEnd yield_value(T&& value) { return yield_value(value); }
  void return_void() {}
  void unhandled_exception() { error_ = error_of_current_exception(); }
  std::coroutine_handle<> fail(Error error) noexcept final {
    error_ = std::move(error);
    is_finished_ = true;
    return tell();
  }

 private:
  friend class Next;
  bool is_finished_ = false;
  T* value_ = nullptr;  // where the coroutine keeps it
  Boxed<Error> error_;
};

template <class T>
bool Stream<T>::Next::start(Waiter& waiter) {
  if (!coroutine_) return false;
  Promise& promise = coroutine_.promise();
  promise.value_ = nullptr;
  if (promise.is_finished_) return false;
  promise.begin(coroutine_, waiter);
  return promise.value_ == nullptr && !promise.is_finished_;
}

template <class T>
Error* Stream<T>::Next::failure() {
  return coroutine_ && coroutine_.promise().error_ ? &*coroutine_.promise().error_ : nullptr;
}

template <class T>
Result<T*> Stream<T>::Next::take() {
  if (Error* const error = failure()) {
    Result<T*> failed = std::unexpected(std::move(*error));
    coroutine_.promise().error_ = {};
    return failed;
  }
  return value();
}

}  // namespace gatehouse::async
