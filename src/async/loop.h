// One event loop a thread: epoll, edge-triggered, shared with nobody. All sockets, deadlines and
// coroutines of a loop live and die on its thread; the only things another thread may call are
// post() and stop().
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "async/deadline.h"
#include "async/task.h"
#include "base/clock.h"

namespace gatehouse::async {

/// What the loop knows of one file descriptor; whoever wants more to lie beside it, derives. Lives
/// as long as the descriptor is open, then until the end of the loop's turn, since events of the
/// same batch may still point at it.
struct Watch {
  explicit Watch(int descriptor) : fd(descriptor) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  virtual ~Watch() = default;

  int fd;
  bool is_readable = false;  // a read may give something; cleared by a short read or EAGAIN
  bool is_writable = false;
  bool is_peer_closed = false;  // FIN or reset has been seen
  Waiter* reader = nullptr;
  Waiter* writer = nullptr;
  void (*on_peer_closed)(void* context) = nullptr;  // beside reader; for whoever does not read now
  void* peer_closed_context = nullptr;
};

class Loop {
 public:
  /// The clock must outlive the loop. Throws std::system_error if the kernel has no descriptors
  /// left.
  explicit Loop(const Clock& clock);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  /// Destroys every spawned task that is still running.
  ~Loop();

  /// The loop of this thread. There must be one.
  static Loop& current();

  /// The time when this turn began; cheap.
  MonotonicTime now() const { return now_; }
  const Clock& clock() const { return clock_; }

  /// Turns until stop(). Makes this loop the thread's current one.
  void run();
  /// One turn: waits at most `longest`, then runs everything that is ready. For run() and for
  /// tests.
  void turn(std::chrono::milliseconds longest);
  /// Ends run() after the turn that is under way. Any thread.
  void stop();
  /// Runs `work` on the loop's thread, soon, in order. Any thread.
  void post(std::move_only_function<void()> work);
  /// Runs `work` at the end of this turn; only from the loop's own thread.
  void defer(std::move_only_function<void()> work) { deferred_.push_back(std::move(work)); }
  /// Whether events of this turn are still to be looked at, so that what has no haste can wait for
  /// what they bring: see after_events.
  bool is_gathering() const { return is_gathering_; }
  /// Tells the waiter, which must not move, when the events at hand have been looked at, or a few
  /// of them. Only while is_gathering.
  void after_events(Waiter& waiter) { after_events_.push_back(&waiter); }
  /// It is not to be told any more.
  void forget(Waiter& waiter);
  /// Runs the task to its end; an Error at its end is dropped, so a task that can fail says so
  /// itself.
  void spawn(Task<void> task);
  std::size_t spawned() const { return roots_; }

  /// Called on the loop's thread when it rests after a burst, to give back what that took.
  void on_rest(std::move_only_function<void()> give_back) { give_back_ = std::move(give_back); }

  DeadlineWheel& deadlines() { return deadlines_; }

  /// Registers its descriptor for everything, once, edge-triggered. It ends by close().
  void watch(Watch& watch);
  /// Closes the descriptor; the Watch itself is freed at the end of the turn.
  void close(std::unique_ptr<Watch> watch);

 private:
  struct Root;
  void dispatch(Watch& watch, unsigned events);
  void tell_gathered();
  void rest();
  void run_posted();
  void end_turn();

  const Clock& clock_;
  MonotonicTime now_;
  MonotonicTime last_event_;
  bool is_rested_ = true;  // spare memory was given back after the last event
  std::move_only_function<void()> give_back_;
  DeadlineWheel deadlines_;
  int epoll_ = -1;
  int wake_ = -1;
  Loop* previous_ = nullptr;  // loops nest in tests
  std::vector<std::unique_ptr<Watch>> closed_;
  std::vector<std::move_only_function<void()>> deferred_;
  bool is_gathering_ = false;
  std::vector<Waiter*> after_events_;  // nullptr: forgotten
  Root* first_root_ = nullptr;
  std::size_t roots_ = 0;
  bool is_stopping_ = false;

  std::mutex mutex_;  // guards what other threads touch
  std::vector<std::move_only_function<void()>> posted_;
};

/// Resumes whoever waits, if anyone does. Call it from the loop, never from inside a coroutine.
inline void wake(Waiter*& slot) {
  if (Waiter* waiter = std::exchange(slot, nullptr)) waiter->done(*waiter).resume();
}

}  // namespace gatehouse::async
