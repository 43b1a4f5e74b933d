// URLs of http and https in parts (RFC 3986), without user and fragment.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse {

enum class Scheme : std::uint8_t { http, https };

constexpr std::uint16_t default_port(Scheme scheme) { return scheme == Scheme::https ? 443 : 80; }

/// Appends what stands in the Host field (RFC 9110 section 7.2): "api.openai.com", "[::1]:8080".
void append_authority(std::string& text, std::string_view host, std::uint16_t port, Scheme scheme);

/// In the parts that a connection (scheme, host, port) and a request line (target) need.
struct Url {
  Scheme scheme = Scheme::https;
  std::string host;  // an IPv6 address stands without its brackets
  std::uint16_t port = 443;
  std::string target;  // "/v1/chat/completions?api-version=2024-10-21"

  bool is_tls() const { return scheme == Scheme::https; }
  std::string authority() const;
  std::string text() const;
  friend bool operator==(const Url&, const Url&) = default;
};

}  // namespace gatehouse
