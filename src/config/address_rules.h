// Which addresses of the Internet a stranger may have the gateway call.
#pragma once

#include <cstdint>

#include "config/ip_address.h"

namespace gatehouse::config {

enum class AddressKind : std::uint8_t {
  open,      // globally reachable
  internal,  // private, loopback, link-local, shared, reserved, multicast: only for trusted hosts
  metadata,  // a cloud's credential service: never
};

/// An IPv6 address that carries an IPv4 address is judged by both. Tables: the IANA special-purpose
/// registries (RFC 6890), and the clouds' own documents for the metadata addresses.
AddressKind kind_of(const IpAddress& address);

}  // namespace gatehouse::config
