#include "async/loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <system_error>

#include "async/block.h"
#include "async/frame_pool.h"
#include "base/spare_memory.h"

namespace gatehouse::async {
namespace {

thread_local Loop* current_loop = nullptr;
constexpr int kBatch = 256;
constexpr std::chrono::milliseconds kBeforeRest{1000};
// Of many, the first would have left the caches by the time it is their turn.
constexpr std::size_t kMostGathered = 16;

/// Has the memory around an object brought into the caches while something else is done. The
/// coroutine that an object stands in lies around it.
void fetch_ahead(const void* object, std::uintptr_t lines_before, std::uintptr_t lines) {
  constexpr std::uintptr_t kLine = 64;
  const std::uintptr_t first = reinterpret_cast<std::uintptr_t>(object) - lines_before * kLine;
  for (std::uintptr_t line = 0; line < lines; ++line) {
    // No harm if there is nothing: the processor looks away.
    __builtin_prefetch(reinterpret_cast<const void*>(first + line * kLine));  // NOLINT
  }
}

/// What slept has left the caches, and whoever is woken needs one piece of it to find the next.
void fetch_for_next(std::span<const epoll_event> events) {
  if (events.size() > 1) fetch_ahead(events[1].data.ptr, 0, 3);
  if (events.empty() || events[0].data.ptr == nullptr) return;
  const Watch& next = *static_cast<const Watch*>(events[0].data.ptr);
  if (next.reader != nullptr) fetch_ahead(next.reader, 1, 12);
}

int checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return fd;
}

}  // namespace

/// A spawned task, in a doubly linked list so that the loop can end those still running.
struct Loop::Root : Waiter {
  Root(Loop& owner, Task<void> running) : Waiter(&finished), loop(owner), task(std::move(running)) {
    next = loop.first_root_;
    if (next != nullptr) next->previous = this;
    loop.first_root_ = this;
    ++loop.roots_;
  }
  ~Root() {
    (previous != nullptr ? previous->next : loop.first_root_) = next;
    if (next != nullptr) next->previous = previous;
    --loop.roots_;
  }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  static std::coroutine_handle<> finished(Waiter& waiter) noexcept {
    auto& root = static_cast<Root&>(waiter);
    // The frame is still on the stack here; it goes at the end of the turn.
    root.loop.defer([owned = std::unique_ptr<Root>(&root)] {});
    return std::noop_coroutine();
  }

  Loop& loop;
  Task<void> task;
  Root* previous = nullptr;
  Root* next = nullptr;
};

Loop::Loop(const Clock& clock)
    : clock_(clock),
      now_(clock.now()),
      last_event_(now_),
      deadlines_(now_),
      epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")),
      previous_(current_loop) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event), "epoll_ctl");
  current_loop = this;
}

Loop::~Loop() {
  Loop* const before = std::exchange(current_loop, this);
  end_turn();  // roots that have finished are owned by deferred work
  while (first_root_ != nullptr) delete first_root_;  // NOLINT: spawn() made it
  end_turn();
  closed_.clear();
  ::close(epoll_);
  ::close(wake_);
  current_loop = before == this ? previous_ : before;
}

Loop& Loop::current() { return *current_loop; }

void Loop::run() {
  current_loop = this;
  while (!is_stopping_) {
    const std::chrono::milliseconds longest = deadlines_.time_to_next(now_);
    turn(is_rested_ ? longest : std::min(longest, kBeforeRest));
    if (!is_rested_ && now_ - last_event_ >= kBeforeRest) rest();
  }
}

/// After a burst: what it took is given back.
void Loop::rest() {
  is_rested_ = true;
  if (give_back_) give_back_();
  FramePool::trim();
  Block::trim();
  release_spare_memory();
}

void Loop::turn(std::chrono::milliseconds longest) {
  std::array<epoll_event, kBatch> events;
  const int timeout = deferred_.empty() ? static_cast<int>(longest.count()) : 0;
  const int count = epoll_wait(epoll_, events.data(), kBatch, timeout);
  now_ = clock_.now();
  if (count > 0) {
    last_event_ = now_;
    is_rested_ = false;
  }
  const std::span came(events.data(), static_cast<std::size_t>(std::max(count, 0)));
  for (std::size_t i = 0; i < came.size(); ++i) {
    is_gathering_ = i + 1 < came.size();
    fetch_for_next(came.subspan(i + 1));
    if (came[i].data.ptr == nullptr) {
      run_posted();
    } else {
      dispatch(*static_cast<Watch*>(came[i].data.ptr), came[i].events);
    }
    if (!is_gathering_ || after_events_.size() >= kMostGathered) tell_gathered();
  }
  deadlines_.advance(now_);
  end_turn();
}

void Loop::dispatch(Watch& watch, unsigned events) {
  if (watch.fd < 0) return;  // closed earlier in this batch
  constexpr unsigned kClosed = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
  if ((events & kClosed) != 0) watch.is_peer_closed = true;
  if ((events & (EPOLLIN | kClosed)) != 0) {
    watch.is_readable = true;
    wake(watch.reader);
  }
  if (watch.fd >= 0 && (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
    watch.is_writable = true;
    wake(watch.writer);
  }
  if (watch.fd >= 0 && watch.is_peer_closed && watch.on_peer_closed != nullptr) {
    auto* const told = std::exchange(watch.on_peer_closed, nullptr);
    told(watch.peer_closed_context);
  }
}

void Loop::tell_gathered() {
  is_gathering_ = false;  // what they do now is not put off again
  for (std::size_t i = 0; i < after_events_.size(); ++i) {
    if (i + 1 < after_events_.size()) fetch_ahead(after_events_[i + 1], 2, 10);
    wake(after_events_[i]);
  }
  after_events_.clear();
}

void Loop::forget(Waiter& waiter) {
  const auto found = std::ranges::find(after_events_, &waiter);
  if (found != after_events_.end()) *found = nullptr;
}

void Loop::run_posted() {
  std::uint64_t ignored = 0;
  if (read(wake_, &ignored, sizeof ignored) < 0 && errno != EAGAIN) return;
  std::vector<std::move_only_function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
  }
  for (auto& each : work) each();
}

void Loop::end_turn() {
  // Deferred work may defer more; it is all of this turn.
  while (!deferred_.empty()) {
    std::vector<std::move_only_function<void()>> work;
    work.swap(deferred_);
    for (auto& each : work) each();
  }
  closed_.clear();
}

void Loop::stop() {
  // The loop itself notes it: seen any earlier, it could end, and be destroyed, under this call.
  post([this] { is_stopping_ = true; });
}

void Loop::post(std::move_only_function<void()> work) {
  // Held until the loop is woken: what is posted may be the end of the loop, which then waits here.
  const std::lock_guard lock(mutex_);
  posted_.push_back(std::move(work));
  const std::uint64_t one = 1;
  // Only a full counter can refuse, and then the loop is awake anyway.
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

void Loop::spawn(Task<void> task) {
  auto root = std::make_unique<Root>(*this, std::move(task));
  Root* const running = root.release();
  if (!running->task.start(*running)) {
    defer([owned = std::unique_ptr<Root>(running)] {});
  }
}

void Loop::watch(Watch& watch) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &watch;
  checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, watch.fd, &event), "epoll_ctl");
}

void Loop::close(std::unique_ptr<Watch> watch) {
  ::close(std::exchange(watch->fd, -1));
  closed_.push_back(std::move(watch));
}

}  // namespace gatehouse::async
