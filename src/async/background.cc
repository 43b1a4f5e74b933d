#include "async/background.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace gatehouse::async {
namespace {
constexpr std::size_t kMaxWaiting = 1024;
}

class Background::Threads {
 public:
  explicit Threads(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Threads() { stop(); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    ready_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  bool submit(std::move_only_function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      if (queue_.size() >= kMaxWaiting) return false;
      queue_.push_back(std::move(work));
    }
    ready_.notify_one();
    return true;
  }

 private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
      if (is_stopping_) return;
      std::move_only_function<void()> next = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      next();
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::move_only_function<void()>> queue_;
  std::vector<std::thread> threads_;
  bool is_stopping_ = false;
};

Background::Background(std::size_t threads) : threads_(std::make_unique<Threads>(threads)) {}
Background::~Background() = default;
void Background::stop() { threads_->stop(); }

Result<void> Background::submit(std::move_only_function<void()> work) {
  if (threads_->submit(std::move(work))) return {};
  return fail(
      gateway_error(ErrorCode::overloaded, "Too much background work is waiting; try again."));
}

}  // namespace gatehouse::async
