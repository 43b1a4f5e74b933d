// Several tasks at once, told one by one as they finish. Whoever has seen enough destroys the Race,
// and with it the tasks that are still running.
#pragma once

#include <memory>
#include <vector>

#include "async/task.h"

namespace gatehouse::async {

/// `co_await race.next()` gives the index of a task that has finished and was not told before;
/// take(index) its outcome. Belongs to one coroutine: only one next() at a time. Neither copied nor
/// moved.
template <class T>
class Race {
 public:
  Race() = default;
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  /// Starts with the following next(). Returns its index.
  std::size_t add(Task<T> task) {
    runners_.push_back(std::make_unique<Runner>(*this, std::move(task)));
    return runners_.size() - 1;
  }
  Result<T> take(std::size_t index) { return runners_[index]->task.take(); }
  /// Destroys a task wherever it stands; it will not be told.
  void cancel(std::size_t index) {
    runners_[index]->task.cancel();
    runners_[index]->state = State::told;
  }

  class Next {
   public:
    explicit Next(Race& race) : race_(&race) {}
    bool start(Waiter& waiter) { return race_->start(waiter); }
    Result<std::size_t> take() { return race_->tell(); }

   private:
    Race* race_;
  };
  /// There must be a task that has not been told yet.
  Next next() { return Next(*this); }

 private:
  enum class State : std::uint8_t { added, running, finished, told };
  struct Runner : Waiter {
    Runner(Race& owner, Task<T> work) : Waiter(&done), race(owner), task(std::move(work)) {}
    static std::coroutine_handle<> done(Waiter& waiter) noexcept {
      auto& self = static_cast<Runner&>(waiter);
      self.state = State::finished;
      Waiter* const waiting = std::exchange(self.race.waiter_, nullptr);
      if (waiting == nullptr) return std::noop_coroutine();
      return waiting->done(*waiting);
    }
    Race& race;
    Task<T> task;
    State state = State::added;
  };

  bool start(Waiter& waiter) {
    waiter_ = nullptr;  // nobody is told while tasks start: the caller looks for itself
    for (std::size_t i = 0; i < runners_.size(); ++i) {
      Runner& each = *runners_[i];
      if (each.state != State::added) continue;
      each.state = State::running;
      if (!each.task.start(each)) each.state = State::finished;
    }
    for (const auto& each : runners_) {
      if (each->state == State::finished) return false;
    }
    waiter_ = &waiter;
    return true;
  }
  std::size_t tell() {
    for (std::size_t i = 0; i < runners_.size(); ++i) {
      if (runners_[i]->state != State::finished) continue;
      runners_[i]->state = State::told;
      return i;
    }
    return runners_.size();
  }

  std::vector<std::unique_ptr<Runner>> runners_;
  Waiter* waiter_ = nullptr;
};

}  // namespace gatehouse::async
