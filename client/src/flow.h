// A streamed answer on its way from the network thread to the one that reads it.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "async/until.h"
#include "client/src/ask.h"
#include "client/src/raise.h"
#include "client/src/slot.h"
#include "gatehouse/response.h"
#include "llm/delta.h"

namespace gatehouse::client {

/// Head, deltas and end, in order. It holds a bounded number: a reader that is slow makes the
/// network thread stop reading, and so the gateway stop sending.
class Flow {
 public:
  /// An answer that has its head alone, or one more delta.
  using Step = std::variant<LLMResponse, llm::Delta>;

  // For the loop.
  void push(Step step);
  /// Returns when the reader has caught up.
  async::Task<void> wait_for_room();
  void end(std::optional<Failure> failure);

  // For the reader.
  /// Waits for the next step; nothing at the end. `wake_loop` is to run soon on the loop.
  Outcome<std::optional<Step>> next(const std::function<void()>& wake_loop);
  bool has_ended() const;
  /// On the loop: lets wait_for_room look again.
  void make_room() { room_.fire(); }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Step> steps_;
  std::optional<Failure> failure_;
  bool has_ended_ = false;
  bool is_full_ = false;  // the loop waits for room
  async::Trigger room_;   // the loop's
};

/// Asks, and pushes what comes into the flow, whose end it always tells.
async::Task<void> stream_chat(Engine& engine, std::shared_ptr<Flow> flow,
                              std::shared_ptr<Stop> stop, Question question);

}  // namespace gatehouse::client
