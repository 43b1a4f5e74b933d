// A base URL that a client sent (`x-portkey-custom-host`, `custom_host` in a config): the gateway
// calls it from inside the operator's network, so it must not lead there (SSRF).
//
// Two checks, and both are needed. validate_custom_host judges the text, before anything is
// resolved. is_address_allowed judges each address that the name resolved to, right before the
// connect, and the connect goes to that very address: a name whose answer changes between the two
// (DNS rebinding) gains nothing. Base URLs from gatehouse.yaml are the operator's word and pass
// neither.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "config/ip_address.h"
#include "config/trusted_hosts.h"
#include "config/url.h"

namespace gatehouse::config {

enum class HostTrust : std::uint8_t { untrusted, trusted };

struct CustomHost {
  Url url;
  /// An operator vouches for this host. A key of the operator's own must not go to an untrusted
  /// one.
  HostTrust trust = HostTrust::untrusted;
};

/// Error: custom_host_blocked, "Invalid custom host: " and why. Pure and quick; no look-up of
/// names.
Result<CustomHost> validate_custom_host(std::string_view text, const TrustedHosts& trusted);

/// `host` is CustomHost::url.host, and `address` one of those it resolved to.
bool is_address_allowed(const IpAddress& address, const TrustedHosts& trusted,
                        std::string_view host);

}  // namespace gatehouse::config
