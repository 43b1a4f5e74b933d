// An address that the gateway listens on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gatehouse::config {

struct ListenAddress {
  std::string host = "127.0.0.1";  // a numeric address, IPv6 without brackets
  std::uint16_t port = 8787;       // 0: the system chooses

  bool is_loopback() const;
  /// "127.0.0.1:8787", "[::1]:8787"
  std::string text() const;
  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

inline constexpr std::string_view kListenForms =
    "ADDRESS:PORT such as 127.0.0.1:8787, 0.0.0.0:8787, [::]:8787, localhost:8787, or a port alone "
    "(127.0.0.1)";

/// The text of a `--listen` flag or of `server.listen`. Error: invalid_config, with kListenForms.
Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace gatehouse::config
