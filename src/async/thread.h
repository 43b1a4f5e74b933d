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

 private:
  std::jthread thread_;
};

}  // namespace gatehouse::async
