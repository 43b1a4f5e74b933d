// The one strict parser of base URLs: an operator's `base_url` and a client's custom host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gatehouse::config {

enum class Scheme : std::uint8_t { http, https };

/// An absolute http or https URL without user, query and fragment (RFC 3986), ready to have a path
/// appended.
struct BaseUrl {
  Scheme scheme = Scheme::https;
  std::string host;        // lower case; an IPv6 address stands without its brackets
  std::uint16_t port = 0;  // the scheme's own when the text names none
  std::string path;        // "" or "/v1": no slash at the end

  bool is_tls() const { return scheme == Scheme::https; }
  bool has_default_port() const { return port == (is_tls() ? 443 : 80); }
  /// "api.example.com" or "[::1]:8080": what stands in a Host field.
  std::string authority() const;
  std::string text() const;
  friend bool operator==(const BaseUrl&, const BaseUrl&) = default;
};

/// Error: invalid_request; the message is a clause that says what is wrong ("the port is not ...").
Result<BaseUrl> parse_base_url(std::string_view text);

}  // namespace gatehouse::config
