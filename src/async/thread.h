// A thread, for whoever runs a loop. The only place beside store/ where threads are made.
#pragma once

#include <functional>
#include <thread>
#include <utility>

namespace gatehouse::async {

/// Runs `work` from here to its end; the destructor waits for that.
class Thread {
 public:
  explicit Thread(std::move_only_function<void()> work) : thread_(std::move(work)) {}

  /// Whether the caller runs in it.
  bool is_current() const { return thread_.get_id() == std::this_thread::get_id(); }
  /// Lets it end by itself, for an owner that may be destroyed from inside `work`, which then owns
  /// all that it uses.
  void detach() { thread_.detach(); }

 private:
  std::jthread thread_;
};

}  // namespace gatehouse::async
