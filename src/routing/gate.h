// How many calls an upstream gets at once. Who comes when it is full waits its turn in a bounded
// queue instead of running into the provider's 429: clients one after the other, so that one of
// them cannot keep the others out.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "async/loop.h"
#include "async/task.h"
#include "http/body.h"

namespace gatehouse::routing {

struct GateLimits {
  std::uint32_t active = 0;   // calls of one upstream at once; 0: no limit
  std::uint32_t waiting = 0;  // that may wait for one upstream
  std::chrono::milliseconds patience{};
};

class Gate;

/// The right to one call. Destroying it lets the next one in.
class Pass {
 public:
  Pass() = default;
  Pass(Pass&& other) noexcept
      : gate_(std::exchange(other.gate_, nullptr)), upstream_(std::move(other.upstream_)) {}
  Pass& operator=(Pass&&) = delete;
  ~Pass();

 private:
  friend class Gate;
  Pass(Gate& gate, std::string upstream) : gate_(&gate), upstream_(std::move(upstream)) {}
  Gate* gate_ = nullptr;
  std::string upstream_;
};

/// Of one loop, which it outlives. Not thread-safe.
class Gate {
 public:
  bool is_on() const { return limits_.active > 0; }
  void set_limits(GateLimits limits) { limits_ = limits; }

  /// Waits for a place. Error: overloaded, when the queue is full or the patience ends. Cancelling
  /// leaves the queue.
  async::Task<Pass> enter(std::string upstream, std::string client);

  std::size_t active(std::string_view upstream) const;
  std::size_t waiting(std::string_view upstream) const;

 private:
  friend class Pass;
  struct Place;
  struct Line {
    std::string client;
    std::deque<Place*> places;
  };
  struct Upstream {
    std::size_t active = 0;
    std::size_t waiting = 0;
    std::deque<Line> lines;  // the first one is next
  };
  void leave(const std::string& upstream);
  void let_in(const std::string& upstream);
  void forget_if_idle(const std::string& upstream);

  GateLimits limits_;
  std::map<std::string, Upstream, std::less<>> upstreams_;
};

/// The body, and the pass for as long as it is read.
http::Stream<http::Chunk> holding(http::Stream<http::Chunk> body, Pass pass);

}  // namespace gatehouse::routing
