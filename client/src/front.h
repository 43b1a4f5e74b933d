// What Pending and ChatStream share: the side of a call that the user holds. Destroying it cancels
// a call that is under way.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "client/src/engine.h"
#include "client/src/slot.h"

namespace gatehouse::client {

/// Keeps the engine running, and lets a stop_token reach the loop.
class CallFront {
 public:
  explicit CallFront(std::shared_ptr<Engine> engine)
      : engine_(std::move(engine)), stop_(std::make_shared<Stop>()) {}

  Engine& engine() { return *engine_; }
  const std::shared_ptr<Stop>& stop() const { return stop_; }
  /// Posts the call. One that is cancelled already never starts: its stop comes first, any later
  /// one behind it.
  void begin(std::move_only_function<void()> call, const std::stop_token& cancel) {
    if (cancel.stop_requested()) this->cancel();
    engine_->post(std::move(call));
    if (cancel.stop_possible()) listening_.emplace(cancel, PostStop{engine_.get(), stop_});
  }
  void cancel() { PostStop{engine_.get(), stop_}(); }

 private:
  struct PostStop {
    Engine* engine;
    std::shared_ptr<Stop> stop;
    void operator()() const {
      engine->post([stop = stop] { stop->cancel(); });
    }
  };
  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Stop> stop_;
  std::optional<std::stop_callback<PostStop>> listening_;  // ends before the engine does
};

}  // namespace gatehouse::client
