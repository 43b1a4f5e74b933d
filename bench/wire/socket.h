// Non-blocking IPv4 sockets and the epoll set around them. Setting up throws std::system_error,
// since a bench tool that cannot set up has nothing to report.
#pragma once

#include <netinet/in.h>
#include <sys/epoll.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace gatehouse::bench {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { reset(); }

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void reset();

 private:
  int number_ = -1;
};

/// "127.0.0.1:8080", or nothing if it is not an IPv4 address with a port.
std::optional<sockaddr_in> parse_address(std::string_view text);

Descriptor listen_on(const sockaddr_in& address);
std::uint16_t port_of(const Descriptor& listener);

/// The next waiting connection, or a closed descriptor.
Descriptor accept_from(const Descriptor& listener);

/// Starts to connect; the outcome comes as an epoll event. `source` is the address to come from, so
/// that more connections to one address can be open than there are ports.
Descriptor connect_to(const sockaddr_in& address, const std::optional<in_addr>& source);

/// Raises this process's descriptor limit as far as it is allowed to.
void raise_descriptor_limit();

/// Edge-triggered, each descriptor registered once for reading and writing.
class EventSet {
 public:
  EventSet();
  void add(int descriptor, void* owner);
  /// The events that came within `timeout` (none: wait for ever). The span dies with the next call.
  std::span<const epoll_event> wait(std::optional<std::chrono::nanoseconds> timeout);

 private:
  static constexpr std::size_t kBatch = 256;
  Descriptor set_;
  epoll_event events_[kBatch]{};
};

}  // namespace gatehouse::bench
