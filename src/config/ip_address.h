// An IP address as bytes, and a range of them: what the SSRF rules and the listeners reason about.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sockaddr;

namespace gatehouse::config {

enum class IpFamily : std::uint8_t { v4, v6 };

/// Plain value. A v4 address fills the first four bytes, network order.
struct IpAddress {
  IpFamily family = IpFamily::v4;
  std::array<std::uint8_t, 16> bytes{};

  static IpAddress v4(std::span<const std::uint8_t, 4> bytes);
  static IpAddress v6(std::span<const std::uint8_t, 16> bytes);
  /// Nothing for a family other than AF_INET and AF_INET6.
  static std::optional<IpAddress> from(const sockaddr& address);
  /// "192.0.2.1" or "2001:db8::1": canonical notations only, no brackets, no zone, no short or
  /// octal forms (RFC 6943 section 3.1.1 says why those are dangerous).
  static std::optional<IpAddress> parse(std::string_view text);

  std::string text() const;
  bool is_loopback() const;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

/// The IPv4 address that an IPv6 address carries to whoever translates or tunnels it: mapped and
/// compatible (RFC 4291), 6to4 (RFC 3056), NAT64 (RFC 6052, RFC 8215), SIIT (RFC 2765), Teredo's
/// client (RFC 4380), ISATAP (RFC 5214). Nothing if there is none.
std::optional<IpAddress> embedded_v4(const IpAddress& address);

/// An address with a prefix length, "10.0.0.0/8"; a plain address is a range of one.
struct IpRange {
  IpAddress base;
  std::uint8_t prefix = 0;

  static std::optional<IpRange> parse(std::string_view text);
  bool contains(const IpAddress& address) const;
  std::string text() const;
  friend bool operator==(const IpRange&, const IpRange&) = default;
};

}  // namespace gatehouse::config
