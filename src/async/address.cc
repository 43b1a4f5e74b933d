#include "async/address.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>

namespace gatehouse::async {
namespace {

const sockaddr_in& v4(const Address& address) {
  return reinterpret_cast<const sockaddr_in&>(address.storage);
}
const sockaddr_in6& v6(const Address& address) {
  return reinterpret_cast<const sockaddr_in6&>(address.storage);
}

}  // namespace

std::uint16_t Address::port() const {
  return ntohs(family() == AF_INET6 ? v6(*this).sin6_port : v4(*this).sin_port);
}

std::string Address::ip_text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const bytes = family() == AF_INET6 ? static_cast<const void*>(&v6(*this).sin6_addr)
                                                 : static_cast<const void*>(&v4(*this).sin_addr);
  if (inet_ntop(family(), bytes, text.data(), text.size()) == nullptr) return "?";
  return text.data();
}

std::string Address::text() const {
  const std::string ip = family() == AF_INET6 ? "[" + ip_text() + "]" : ip_text();
  return ip + ":" + std::to_string(port());
}

bool Address::is_loopback() const {
  if (family() == AF_INET6) return IN6_IS_ADDR_LOOPBACK(&v6(*this).sin6_addr);
  return (ntohl(v4(*this).sin_addr.s_addr) >> 24U) == 127;
}

std::optional<Address> parse_ip(std::string_view host, std::uint16_t port) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const std::string text(host);
  Address address;
  auto& four = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& six = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    address.length = sizeof four;
    return address;
  }
  if (inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    address.length = sizeof six;
    return address;
  }
  return std::nullopt;
}

Address local_address(int fd) {
  Address address;
  address.length = sizeof address.storage;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.length);
  return address;
}

}  // namespace gatehouse::async
