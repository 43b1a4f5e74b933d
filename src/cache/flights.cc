#include "cache/flights.h"

#include <algorithm>
#include <utility>

#include "async/until.h"

namespace gatehouse::cache {

using async::Task;

namespace {

// The failed leaders after which nobody waits any longer.
constexpr int kMaxFailures = 2;

}  // namespace

/// `loop` never changes; all else is touched on that loop alone.
struct Follower::Ticket {
  async::Loop* loop = &async::Loop::current();
  async::Trigger woken;
  std::optional<Verdict> verdict;
  bool is_abandoned = false;
};

Lead::~Lead() {
  if (flights_ != nullptr) flights_->hand_on(key_, 0);
}

void Lead::land(const Landed& landed) {
  if (Flights* const flights = std::exchange(flights_, nullptr)) flights->land(key_, landed);
}

void Lead::release() {
  if (Flights* const flights = std::exchange(flights_, nullptr)) flights->release(key_);
}

void Lead::fail() {
  if (Flights* const flights = std::exchange(flights_, nullptr)) flights->hand_on(key_, 1);
}

Follower::Follower(Flights& flights, const Key& key)
    : flights_(&flights), key_(key), ticket_(std::make_shared<Ticket>()) {}

Follower::~Follower() {
  if (ticket_) leave();
}

void Follower::leave() {
  ticket_->is_abandoned = true;
  flights_->forget(key_, ticket_);
}

// Cancellation: the follower is forgotten by its destructor; a lead that was on its way to it is
// handed on by that lead's.
Task<Verdict> Follower::wait(std::chrono::milliseconds longest) {
  // The timer fires the same trigger as the verdict does: whatever comes first.
  async::Deadline timer([](void* trigger) { static_cast<async::Trigger*>(trigger)->fire(); },
                        &ticket_->woken);
  if (longest.count() > 0) timer.arm(longest);
  co_await async::Fired(ticket_->woken);
  timer.cancel();
  if (!ticket_->verdict) {
    leave();
    co_return Verdict(Alone{});
  }
  co_return std::move(*ticket_->verdict);
}

Seat Flights::board(const Key& key) {
  const std::scoped_lock lock(mutex_);
  const auto [flight, is_first] = flights_.try_emplace(key);
  if (is_first) return Seat(std::in_place_type<Lead>, *this, key);
  Follower follower(*this, key);
  flight->second.queue.push_back(follower.ticket_);
  return Seat(std::move(follower));
}

std::size_t Flights::waiting() const {
  const std::scoped_lock lock(mutex_);
  std::size_t sum = 0;
  for (const auto& [key, flight] : flights_) sum += flight.queue.size();
  return sum;
}

void Flights::tell(const TicketPtr& ticket, Verdict verdict) {
  ticket->loop->post([ticket, verdict = std::move(verdict)]() mutable {
    // A follower that has left or lost patience gives nobody the lead: dropped here, it goes on to
    // the next one.
    if (ticket->is_abandoned) return;
    ticket->verdict.emplace(std::move(verdict));
    ticket->woken.fire();
  });
}

void Flights::land(const Key& key, const Landed& landed) {
  const std::scoped_lock lock(mutex_);
  const auto flight = flights_.find(key);
  for (const TicketPtr& ticket : flight->second.queue) tell(ticket, Verdict(landed));
  flights_.erase(flight);
}

void Flights::release(const Key& key) {
  const std::scoped_lock lock(mutex_);
  const auto flight = flights_.find(key);
  for (const TicketPtr& ticket : flight->second.queue) tell(ticket, Verdict(Alone{}));
  flights_.erase(flight);
}

void Flights::hand_on(const Key& key, int failures) {
  const std::scoped_lock lock(mutex_);
  const auto found = flights_.find(key);
  Flight& flight = found->second;
  flight.failures += failures;
  if (flight.failures >= kMaxFailures) {
    for (const TicketPtr& ticket : flight.queue) tell(ticket, Verdict(Alone{}));
    flight.queue.clear();
  }
  if (flight.queue.empty()) {
    flights_.erase(found);
    return;
  }
  const TicketPtr next = std::move(flight.queue.front());
  flight.queue.pop_front();
  tell(next, Verdict(std::in_place_type<Lead>, *this, key));
}

void Flights::forget(const Key& key, const TicketPtr& ticket) {
  const std::scoped_lock lock(mutex_);
  const auto flight = flights_.find(key);
  if (flight == flights_.end()) return;
  std::erase(flight->second.queue, ticket);
}

}  // namespace gatehouse::cache
