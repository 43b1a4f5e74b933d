// The network thread: one event loop with its connections, shared by all clients that live at the
// same time and trust the same authorities.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>

#include "async/loop.h"
#include "async/resolver.h"
#include "async/thread.h"
#include "async/tls.h"
#include "base/clock.h"
#include "base/random.h"
#include "client/src/raise.h"
#include "client/src/resumer.h"
#include "http/pool.h"

namespace gatehouse::client {

/// Whether connections are encrypted, and by whom certificates may be signed.
struct Trust {
  bool is_tls = false;
  std::string ca_file;  // beside the system's authorities
};

/// Thread-safe but for what says "on the loop". Its last owner may be any thread but the loop's.
class Engine {
 public:
  /// The one for this trust, started if there is none. Error: configuration, if ca_file cannot be
  /// read.
  static Outcome<std::shared_ptr<Engine>> shared(const Trust& trust);

  explicit Engine(async::TlsContext tls);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  /// Ends what is still under way, and waits for name look-ups.
  ~Engine();

  /// Runs `work` on the loop, soon, in order.
  void post(std::move_only_function<void()> work) { loop_->post(std::move(work)); }
  Resumer& resumer() { return resumer_; }

  /// On the loop.
  void spawn(async::Task<void> task) { loop_->spawn(std::move(task)); }
  http::Pool& pool() { return *pool_; }
  Random& random() { return random_; }

 private:
  void run(std::promise<void>& is_running);

  SystemClock clock_;
  async::TlsContext tls_;
  async::Resolver resolver_;
  FastRandom random_;
  async::Loop* loop_ = nullptr;  // lives on the thread
  http::Pool* pool_ = nullptr;   // likewise
  std::promise<void> may_end_;   // nobody touches the loop any more
  Resumer resumer_;
  std::optional<async::Thread> thread_;
};

}  // namespace gatehouse::client
