// Work that blocks (a database query, a file) goes to a few threads beside the loops.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "async/loop.h"
#include "async/task.h"
#include "async/until.h"

namespace gatehouse::async {

/// A bounded queue with threads of its own. Thread-safe; its destructor waits for the work under
/// way and drops the rest.
class Background {
 public:
  explicit Background(std::size_t threads);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// Waits for the work under way and drops the rest. Before the loops that wait for it are
  /// destroyed.
  void stop();
  /// Error: overloaded when too much waits already.
  Result<void> submit(std::move_only_function<void()> work);

 private:
  class Threads;
  std::unique_ptr<Threads> threads_;
};

/// Runs `work` on a background thread and comes back to the loop with its outcome.
/// Cancellation: the work is still done, its outcome dropped; so it must own what it uses.
template <class T>
// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): outlives the loops
Task<T> run_in(Background& background, std::move_only_function<Result<T>()> work) {
  struct Shared {
    Loop* loop = &Loop::current();
    Trigger done;
    bool is_abandoned = false;  // only touched on the loop
    std::optional<Result<T>> outcome;
  };
  auto shared = std::make_shared<Shared>();
  struct Abandon {
    std::shared_ptr<Shared> shared;
    ~Abandon() { shared->is_abandoned = true; }
  } abandon{shared};
  std::move_only_function<void()> job = [shared, work = std::move(work)]() mutable {
    std::optional<Result<T>> outcome(work());
    Loop* const loop = shared->loop;
    loop->post([shared = std::move(shared), outcome = std::move(outcome)]() mutable {
      if (shared->is_abandoned) return;
      shared->outcome = std::move(outcome);
      shared->done.fire();
    });
  };
  Result<void> submitted = background.submit(std::move(job));
  co_await std::move(submitted);
  co_await Fired(shared->done);
  co_return std::move(*shared->outcome);
}

}  // namespace gatehouse::async
