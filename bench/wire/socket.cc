#include "bench/wire/socket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include "base/text.h"

namespace gatehouse::bench {
namespace {

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void set_option(const Descriptor& socket, int level, int name) {
  const int on = 1;
  if (setsockopt(socket.get(), level, name, &on, sizeof on) != 0) throw_errno("setsockopt");
}

Descriptor new_socket() {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) throw_errno("socket");
  return socket;
}

const sockaddr* as_sockaddr(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

void Descriptor::reset() {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

std::optional<sockaddr_in> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<std::uint16_t> port = parse_number<std::uint16_t>(text.substr(colon + 1));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const std::string host(text.substr(0, colon));
  if (!port || inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return std::nullopt;
  address.sin_port = htons(*port);
  return address;
}

Descriptor listen_on(const sockaddr_in& address) {
  Descriptor listener = new_socket();
  set_option(listener, SOL_SOCKET, SO_REUSEADDR);
  if (bind(listener.get(), as_sockaddr(address), sizeof address) != 0) throw_errno("bind");
  if (listen(listener.get(), SOMAXCONN) != 0) throw_errno("listen");
  return listener;
}

std::uint16_t port_of(const Descriptor& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw_errno("getsockname");
  }
  return ntohs(address.sin_port);
}

Descriptor accept_from(const Descriptor& listener) {
  Descriptor socket(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket.is_open()) set_option(socket, IPPROTO_TCP, TCP_NODELAY);
  return socket;
}

Descriptor connect_to(const sockaddr_in& address, const std::optional<in_addr>& source) {
  Descriptor socket = new_socket();
  set_option(socket, IPPROTO_TCP, TCP_NODELAY);
  if (source) {
    // Without this option bind() would take a port that no other destination can then share.
    set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr = *source;
    if (bind(socket.get(), as_sockaddr(from), sizeof from) != 0) throw_errno("bind");
  }
  if (connect(socket.get(), as_sockaddr(address), sizeof address) != 0 && errno != EINPROGRESS) {
    throw_errno("connect");
  }
  return socket;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) throw_errno("getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) throw_errno("setrlimit");
}

EventSet::EventSet() : set_(epoll_create1(EPOLL_CLOEXEC)) {
  if (!set_.is_open()) throw_errno("epoll_create1");
}

void EventSet::add(int descriptor, void* owner) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = owner;
  if (epoll_ctl(set_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) throw_errno("epoll_ctl");
}

std::span<const epoll_event> EventSet::wait(std::optional<std::chrono::nanoseconds> timeout) {
  timespec limit{};
  if (timeout) {
    const std::chrono::nanoseconds left = std::max(*timeout, std::chrono::nanoseconds{0});
    limit.tv_sec = static_cast<time_t>(left / std::chrono::seconds{1});
    limit.tv_nsec = static_cast<long>((left % std::chrono::seconds{1}).count());
  }
  const int count = epoll_pwait2(set_.get(), events_, kBatch, timeout ? &limit : nullptr, nullptr);
  if (count < 0 && errno != EINTR) throw_errno("epoll_pwait2");
  return {events_, static_cast<std::size_t>(std::max(count, 0))};
}

}  // namespace gatehouse::bench
