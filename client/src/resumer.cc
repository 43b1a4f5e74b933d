#include "client/src/resumer.h"

#include <condition_variable>
#include <deque>

namespace gatehouse::client {

struct Resumer::Queue {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::move_only_function<void()>> waiting;
  bool is_closed = false;

  void work() {
    for (;;) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return is_closed || !waiting.empty(); });
      if (is_closed) return;
      std::move_only_function<void()> next = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      next();
    }
  }
};

Resumer::Resumer() : queue_(std::make_shared<Queue>()) {}

Resumer::~Resumer() {
  {
    const std::lock_guard lock(queue_->mutex);
    queue_->is_closed = true;
  }
  queue_->changed.notify_all();
  if (thread_ && thread_->is_current()) thread_->detach();
}

void Resumer::run(std::move_only_function<void()> work) {
  {
    const std::lock_guard lock(queue_->mutex);
    queue_->waiting.push_back(std::move(work));
  }
  queue_->changed.notify_one();
  const std::lock_guard lock(mutex_);
  if (!thread_) thread_.emplace([queue = queue_] { queue->work(); });
}

}  // namespace gatehouse::client
