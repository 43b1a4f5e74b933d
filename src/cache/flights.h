// Identical calls under way at the same time, in the whole process, become one call upstream.
//
// Protocol of use: board(). The first one leads: it asks upstream and lands with the answer. The
// others follow: they wait until the leader has landed, and get what it brought. A leader that is
// destroyed before it landed (its client left) makes the next one in the queue lead. One whose call
// failed does so too, but only once a flight: when two have failed, the rest is sent off alone, so
// that a provider that is down does not keep everyone waiting in a row. One that comes back with an
// answer that is not to be shared sends the rest off alone at once.
//
// Threads: loops are woken by posts, so leader and followers may live on different ones. A follower
// that is destroyed is forgotten.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>

#include "async/loop.h"
#include "async/task.h"
#include "cache/entry.h"
#include "exchange/cache_status.h"

namespace gatehouse::cache {

class Flights;

/// What the leader brought. `status` is how it came by it: followers tell their clients the same.
struct Landed {
  EntryPtr entry;
  exchange::CacheStatus status = exchange::CacheStatus::hit;
};

/// The right and the duty to ask upstream for a key. Move-only.
class Lead {
 public:
  Lead(Flights& flights, const Key& key) : flights_(&flights), key_(key) {}
  Lead(Lead&& other) noexcept
      : flights_(std::exchange(other.flights_, nullptr)), key_(other.key_) {}
  Lead& operator=(Lead&&) = delete;
  ~Lead();

  /// Everyone who waits gets this.
  void land(const Landed& landed);
  /// Everyone who waits goes alone.
  void release();
  /// The next one leads; or, the second time, everyone goes alone.
  void fail();

 private:
  Flights* flights_;  // null: landed
  Key key_;
};

/// Everyone to himself: ask upstream, and share nothing.
struct Alone {};

class Follower;
using Seat = std::variant<Lead, Follower>;
using Verdict = std::variant<Landed, Lead, Alone>;

/// A place in the queue behind a leader, on the loop where it was made.
class Follower {
 public:
  Follower(Follower&&) noexcept = default;
  Follower& operator=(Follower&&) = delete;
  ~Follower();

  /// Waits until there is something to go by; after `longest` it is Alone.
  async::Task<Verdict> wait(std::chrono::milliseconds longest);

 private:
  friend class Flights;
  struct Ticket;
  Follower(Flights& flights, const Key& key);
  void leave();
  Flights* flights_;
  Key key_;
  std::shared_ptr<Ticket> ticket_;
};

/// Thread-safe; outlives the loops.
class Flights {
 public:
  Seat board(const Key& key);
  /// Calls that wait for another one's answer, now.
  std::size_t waiting() const;

 private:
  friend class Lead;
  friend class Follower;
  using TicketPtr = std::shared_ptr<Follower::Ticket>;
  struct Flight {
    std::deque<TicketPtr> queue;
    int failures = 0;
  };

  void land(const Key& key, const Landed& landed);
  void release(const Key& key);
  void hand_on(const Key& key, int failures);
  void forget(const Key& key, const TicketPtr& ticket);
  // With the mutex held, so that the ticket's loop cannot end meanwhile: it takes its tickets back
  // first, and for that it needs the mutex.
  static void tell(const TicketPtr& ticket, Verdict verdict);

  mutable std::mutex mutex_;
  std::unordered_map<Key, Flight, KeyHash> flights_;
};

}  // namespace gatehouse::cache
