// An answer that is on its way: to be awaited by a coroutine, or waited for by a thread.
#pragma once

#include <coroutine>
#include <memory>

#include "gatehouse/export.h"
#include "gatehouse/response.h"

namespace gatehouse::client {

/// A call that has been sent and not yet answered. `co_await` it in any coroutine of C++20, or call
/// get(); once. The coroutine goes on in a thread of the library that runs coroutines and nothing
/// else: one that blocks there delays other coroutines, but no call. Destroying it before its end
/// cancels the call and closes its connection; a coroutine that waits for it may be destroyed by
/// the thread that would otherwise see it go on. Movable; belongs to one thread at a time.
template <class T>
class [[nodiscard]] Pending {
 public:
  class Front;
  /// For the library alone.
  explicit Pending(std::unique_ptr<Front> front);
  Pending(Pending&&) noexcept;
  Pending& operator=(Pending&&) noexcept;
  ~Pending();

  /// Whether the answer has come.
  bool await_ready() const;
  /// Lets `waiting` go on when it has. False: it has come meanwhile.
  bool await_suspend(std::coroutine_handle<> waiting);
  /// The answer. Error: throws a ClientError.
  T await_resume();

  /// Waits in this thread. Error: throws a ClientError.
  T get();

 private:
  std::unique_ptr<Front> front_;
};

extern template class GATEHOUSE_CLIENT_API Pending<LLMResponse>;
extern template class GATEHOUSE_CLIENT_API Pending<Embeddings>;

}  // namespace gatehouse::client
