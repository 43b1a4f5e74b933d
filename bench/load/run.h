// A load run: one thread, many connections.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "bench/load/connection.h"
#include "bench/load/pace.h"
#include "bench/load/plan.h"
#include "bench/wire/socket.h"

namespace gatehouse::bench {

/// Use once: `Run(plan).go()`. An answer counts when its status is 200 and its payload the expected
/// one; anything else is a failure, and after kMostFailures the run gives up.
class Run {
 public:
  static constexpr std::uint64_t kMostFailures = 100;

  explicit Run(const Plan& plan);
  Outcome go();

 private:
  void open_connections();
  void start_waiting(Time now);
  void on_event(Connection& connection, Connection::Peer peer);
  void on_answer(Connection& connection, Time now);
  void on_closed(Connection& connection);
  void drop(Connection& connection);
  void fail(std::string reason);
  std::string fault_of(const Connection& connection) const;
  void note_events(Connection& connection);
  void watch_window(Time now);
  void open_window();
  void close_window();
  bool is_over(Time now) const;
  std::optional<Nanoseconds> time_to_wait(Time now) const;

  const Plan& plan_;
  Time start_;
  Pace pace_;
  EventSet events_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<Connection>> dropped_;  // until the batch that names them is over
  std::deque<Connection*> idle_;             // longest idle first, so that all are used in turn
  std::unordered_set<Connection*> unheard_;  // those whose first answer has not begun
  std::size_t opened_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t finished_ = 0;

  enum class Window : unsigned char { ahead, open, closed } window_ = Window::ahead;
  Time window_opened_{};
  double cpu_us_before_ = 0;
  Outcome outcome_;
};

}  // namespace gatehouse::bench
