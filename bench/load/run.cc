#include "bench/load/run.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdio>
#include <system_error>
#include <utility>

#include "bench/load/target_meter.h"

namespace gatehouse::bench {
namespace {

// So many connections may wait for their first answer before more are opened: a burst of thousands
// would overflow the listener's queue and measure the kernel's retry of a second.
constexpr std::size_t kMostUnheard = 256;

// How long answers that are still missing at the end of a fixed-rate window are waited for.
constexpr std::chrono::seconds kGrace{1};

// How late a border of the window may be noticed when nothing else happens.
constexpr std::chrono::milliseconds kTick{1};

std::optional<in_addr> source_for(std::size_t connection, std::size_t sources) {
  if (sources <= 1) return std::nullopt;
  in_addr address{};
  address.s_addr = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(connection % sources));
  return address;
}

double us_between(Time from, Time to) {
  return std::chrono::duration<double, std::micro>(to - from).count();
}

}  // namespace

Run::Run(const Plan& plan)
    : plan_(plan), start_(std::chrono::steady_clock::now()), pace_(plan, start_) {}

Outcome Run::go() {
  while (true) {
    const Time now = std::chrono::steady_clock::now();
    watch_window(now);
    if (is_over(now)) break;
    open_connections();
    start_waiting(now);
    for (const epoll_event& event : events_.wait(time_to_wait(now))) {
      const bool closed = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
      on_event(*static_cast<Connection*>(event.data.ptr),
               closed ? Connection::Peer::closed : Connection::Peer::open);
    }
    dropped_.clear();
  }
  if (window_ == Window::ahead) open_window();
  if (window_ == Window::open) close_window();
  return std::move(outcome_);
}

void Run::open_connections() {
  while (connections_.size() < plan_.connections && unheard_.size() < kMostUnheard) {
    const std::optional<in_addr> source = source_for(opened_++, plan_.sources);
    Descriptor socket;
    try {
      socket = connect_to(plan_.target, source);
    } catch (const std::system_error& error) {
      fail(error.what());
      return;
    }
    auto connection = std::make_unique<Connection>(std::move(socket));
    Connection* const key = connection.get();
    events_.add(key->descriptor(), key);
    connections_.emplace(key, std::move(connection));
    unheard_.insert(key);
    idle_.push_back(key);
  }
}

void Run::start_waiting(Time now) {
  while (!idle_.empty()) {
    const std::optional<Time> due = pace_.take(now);
    if (!due) return;
    Connection& connection = *idle_.front();
    idle_.pop_front();
    if (plan_.number_at == std::string::npos) {
      connection.ask(plan_.request, *due);
    } else {
      connection.ask_numbered(plan_, plan_.first_number + asked_++, *due);
    }
  }
}

void Run::on_event(Connection& connection, Connection::Peer peer) {
  if (!connections_.contains(&connection)) return;  // dropped earlier in this batch
  const Connection::State state = connection.advance(peer);
  note_events(connection);
  if (state == Connection::State::waiting) return;
  const Time now = std::chrono::steady_clock::now();
  if (state == Connection::State::closed) return on_closed(connection);
  on_answer(connection, now);
  if (peer == Connection::Peer::closed) return drop(connection);
  // What waits longest goes first, also where that is another connection.
  idle_.push_back(&connection);
  start_waiting(now);
}

void Run::note_events(Connection& connection) {
  const std::uint64_t events = connection.take_events();
  if (window_ == Window::open) outcome_.events += events;
  if (unheard_.empty() || !connection.first_byte() || unheard_.erase(&connection) == 0) return;
  const bool is_last = unheard_.empty() && connections_.size() == plan_.connections;
  if (is_last && plan_.announce == Announce::all_open) {
    std::puts((R"({"open":)" + std::to_string(connections_.size()) + "}").c_str());
    std::fflush(stdout);
  }
}

void Run::on_answer(Connection& connection, Time now) {
  std::string fault = fault_of(connection);
  if (!fault.empty()) return fail(std::move(fault));
  ++finished_;
  if (window_ == Window::open) ++outcome_.requests;
  // A fixed-rate request counts by when it was due: those that end after the window are the slow
  // ones.
  const Time counted_from = plan_.rate > 0 ? connection.due() : now;
  if (counted_from < pace_.window_begin() || counted_from >= pace_.window_end()) return;
  outcome_.latency_us.push_back(us_between(connection.due(), now));
  if (const auto& first = connection.first_byte()) {
    outcome_.first_byte_us.push_back(us_between(connection.due(), *first));
  }
}

std::string Run::fault_of(const Connection& connection) const {
  const std::string_view status = connection.status_line();
  if (!status.starts_with("HTTP/1.1 200")) {
    return std::string(status) + ": " + std::string(connection.payload().substr(0, 300));
  }
  if (plan_.expected.empty() || connection.payload() == plan_.expected) return {};
  return "the payload of " + std::to_string(connection.payload().size()) +
         " bytes is not the expected one: " + std::string(connection.payload().substr(0, 300));
}

void Run::on_closed(Connection& connection) {
  // An idle connection may be closed by its server at any time; that is no failure.
  if (connection.is_asking()) fail("the connection was closed before the answer was complete");
  drop(connection);
}

void Run::drop(Connection& connection) {
  unheard_.erase(&connection);
  std::erase(idle_, &connection);
  const auto place = connections_.find(&connection);
  dropped_.push_back(std::move(place->second));
  connections_.erase(place);
}

void Run::fail(std::string reason) {
  ++finished_;
  ++outcome_.failures;
  if (outcome_.first_failure.empty()) outcome_.first_failure = std::move(reason);
}

void Run::watch_window(Time now) {
  if (window_ == Window::ahead && now >= pace_.window_begin()) open_window();
  if (window_ == Window::open && now >= pace_.window_end()) close_window();
}

void Run::open_window() {
  cpu_us_before_ = cpu_us_of(plan_.measured);
  window_opened_ = std::chrono::steady_clock::now();
  window_ = Window::open;
}

void Run::close_window() {
  outcome_.cpu_us = cpu_us_of(plan_.measured) - cpu_us_before_;
  outcome_.seconds = us_between(window_opened_, std::chrono::steady_clock::now()) * 1e-6;
  outcome_.rss_kib = rss_kib_of(plan_.measured);
  window_ = Window::closed;
}

bool Run::is_over(Time now) const {
  if (outcome_.failures >= kMostFailures || now >= start_ + plan_.limit) return true;
  if (plan_.requests > 0) return finished_ >= plan_.requests;
  if (now < pace_.window_end()) return false;
  const bool all_answered = idle_.size() == connections_.size();
  return plan_.rate <= 0 || all_answered || now >= pace_.window_end() + kGrace;
}

std::optional<Nanoseconds> Run::time_to_wait(Time now) const {
  const std::optional<Time> due = idle_.empty() ? std::nullopt : pace_.next_due();
  if (!due) return kTick;
  return std::clamp(Nanoseconds(*due - now), Nanoseconds{0}, Nanoseconds(kTick));
}

}  // namespace gatehouse::bench
