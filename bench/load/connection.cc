#include "bench/load/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace gatehouse::bench {
namespace {

constexpr std::size_t kReadSize = 64 * 1024;

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

void Connection::ask(std::string_view request, Time due) {
  if (reader_.has_head()) reader_.next();
  unsent_ = request;
  due_ = due;
  first_byte_.reset();
  seen_ = 0;
  is_asking_ = true;
  send_some();
}

void Connection::ask_numbered(const Plan& plan, std::uint64_t number, Time due) {
  numbered_ = plan.request;
  std::string digits = std::to_string(number);
  digits.insert(0, kNumberSize - std::min(kNumberSize, digits.size()), '0');
  numbered_.replace(plan.number_at, kNumberSize, digits, 0, kNumberSize);
  ask(numbered_, due);
}

bool Connection::send_some() {
  while (!unsent_.empty()) {
    const ssize_t sent = send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent < 0) return would_block();
    unsent_.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Connection::State Connection::advance(Peer peer) {
  static std::array<char, kReadSize> space;
  if (!send_some()) return close();
  while (true) {
    const ssize_t got = recv(socket_.get(), space.data(), space.size(), 0);
    if (got < 0 && would_block()) return State::waiting;
    if (got <= 0 || !is_asking_) return close();
    const auto size = static_cast<std::size_t>(got);
    const MessageReader::Progress progress = reader_.feed({space.data(), size});
    look_at_payload();
    if (progress == MessageReader::Progress::broken) return close();
    if (progress == MessageReader::Progress::complete) {
      is_asking_ = false;
      return State::answered;
    }
    if (size < space.size() && peer == Peer::open) return State::waiting;
  }
}

Connection::State Connection::close() {
  const bool completes =
      is_asking_ && reader_.has_head() && reader_.close() == MessageReader::Progress::complete;
  socket_.reset();
  if (!completes) return State::closed;
  is_asking_ = false;
  return State::answered;
}

void Connection::look_at_payload() {
  const std::string_view news = reader_.payload().substr(seen_);
  if (news.empty()) return;
  if (!first_byte_) first_byte_ = std::chrono::steady_clock::now();
  seen_ += news.size();
  line_ends_ += static_cast<std::uint64_t>(std::count(news.begin(), news.end(), '\n'));
}

std::uint64_t Connection::take_events() {
  // An event of a chat completion stream is one `data` line and an empty one.
  const std::uint64_t events = line_ends_ / 2;
  line_ends_ %= 2;
  return events;
}

}  // namespace gatehouse::bench
