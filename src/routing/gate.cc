#include "routing/gate.h"

#include <algorithm>

#include "async/until.h"

namespace gatehouse::routing {

using async::Task;

/// A place in the queue; leaves it when it is destroyed.
struct Gate::Place {
  Place(Gate& owner, const std::string& wanted, const std::string& who)
      : gate(owner), upstream(wanted), client(who) {
    Upstream& at = gate.upstreams_[upstream];
    auto line = std::ranges::find(at.lines, client, &Line::client);
    if (line == at.lines.end()) line = at.lines.insert(at.lines.end(), Line{client, {}});
    line->places.push_back(this);
    ++at.waiting;
    deadline.arm(gate.limits_.patience);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    if (is_let_in) return;
    Upstream& at = gate.upstreams_[upstream];
    const auto line = std::ranges::find(at.lines, client, &Line::client);
    std::erase(line->places, this);
    if (line->places.empty()) at.lines.erase(line);
    --at.waiting;
    gate.forget_if_idle(upstream);
  }

  Gate& gate;
  const std::string& upstream;
  const std::string& client;
  async::Trigger trigger;
  bool is_let_in = false;
  async::Deadline deadline{[](void* context) { static_cast<Place*>(context)->trigger.fire(); },
                           this};
};

Pass::~Pass() {
  if (gate_ != nullptr) gate_->leave(upstream_);
}

Task<Pass> Gate::enter(std::string upstream, std::string client) {
  Upstream& at = upstreams_[upstream];
  if (at.active < limits_.active && at.waiting == 0) {
    ++at.active;
    co_return Pass(*this, std::move(upstream));
  }
  Error busy = gateway_error(
      ErrorCode::overloaded,
      "The upstream is busy: " + std::to_string(at.active) + " calls are under way and " +
          std::to_string(at.waiting) +
          " wait. Come again later, or raise upstream.max_concurrency or upstream.max_queue.");
  busy.retry_after = std::chrono::seconds{1};
  if (at.waiting >= limits_.waiting) co_return fail(std::move(busy));
  Place place(*this, upstream, client);
  co_await async::Fired(place.trigger);
  if (!place.is_let_in) co_return fail(std::move(busy));
  co_return Pass(*this, upstream);
}

void Gate::leave(const std::string& upstream) {
  Upstream& at = upstreams_[upstream];
  --at.active;
  if (at.waiting == 0) {
    forget_if_idle(upstream);
    return;
  }
  // Somebody else's coroutine is not run from inside this one.
  async::Loop::current().defer([this, upstream] { let_in(upstream); });
}

void Gate::let_in(const std::string& upstream) {
  Upstream& at = upstreams_[upstream];
  if (at.waiting == 0 || at.active >= std::max(1U, limits_.active)) return;
  Line line = std::move(at.lines.front());
  at.lines.pop_front();
  Place& next = *line.places.front();
  line.places.pop_front();
  if (!line.places.empty()) at.lines.push_back(std::move(line));
  --at.waiting;
  ++at.active;
  next.is_let_in = true;
  next.trigger.fire();
}

void Gate::forget_if_idle(const std::string& upstream) {
  const auto found = upstreams_.find(upstream);
  if (found == upstreams_.end()) return;
  if (found->second.active == 0 && found->second.waiting == 0) upstreams_.erase(found);
}

std::size_t Gate::active(std::string_view upstream) const {
  const auto found = upstreams_.find(upstream);
  return found == upstreams_.end() ? 0 : found->second.active;
}

std::size_t Gate::waiting(std::string_view upstream) const {
  const auto found = upstreams_.find(upstream);
  return found == upstreams_.end() ? 0 : found->second.waiting;
}

// The pass is a parameter, so that it is given back even if the body is never read.
http::Stream<http::Chunk> holding(http::Stream<http::Chunk> body, Pass /*pass*/) {
  while (http::Chunk* const chunk = co_await body.next()) co_yield *chunk;
}

}  // namespace gatehouse::routing
