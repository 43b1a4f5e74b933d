// The thread on which awaiting coroutines go on: the users' code never runs on the network thread,
// so whatever it does there, calls under way are not held up.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "async/thread.h"

namespace gatehouse::client {

/// Runs what it is given, in order, on one thread that it starts when it is first needed.
/// Thread-safe. It may be destroyed by what it runs; what waits then is dropped.
class Resumer {
 public:
  Resumer();
  Resumer(const Resumer&) = delete;
  Resumer& operator=(const Resumer&) = delete;
  ~Resumer();

  void run(std::move_only_function<void()> work);

 private:
  struct Queue;
  std::shared_ptr<Queue> queue_;
  std::mutex mutex_;  // guards thread_
  std::optional<async::Thread> thread_;
};

}  // namespace gatehouse::client
