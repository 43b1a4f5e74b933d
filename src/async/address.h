// Network addresses, IPv4 and IPv6.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::async {

/// An IP address with a port. Plain data.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  int family() const { return storage.ss_family; }
  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
  std::uint16_t port() const;
  /// "127.0.0.1:8787", "[::1]:8787".
  std::string text() const;
  /// Without the port.
  std::string ip_text() const;
  bool is_loopback() const;
};

/// From a numeric host ("127.0.0.1", "::1", with or without brackets); nothing for a name.
std::optional<Address> parse_ip(std::string_view host, std::uint16_t port);

/// The address that a listening or connected descriptor is bound to.
Address local_address(int fd);

}  // namespace gatehouse::async
