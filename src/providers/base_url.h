// Base URLs in parts, so that nobody parses one while a request waits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "base/url.h"

namespace gatehouse::providers {

/// An absolute URL without user, query and fragment, split up. Views into the text it was made
/// from. `host` and `path` may hold {placeholders} (see url_template.h).
struct BaseUrl {
  std::string_view text;
  Scheme scheme = Scheme::https;
  std::string_view host;  // an IPv6 address stands without its brackets
  std::uint16_t port = 0;
  std::string_view path;  // "" or "/v1": no slash at the end

  constexpr BaseUrl() = default;
  /// For tables: a text that is no base URL does not compile.
  consteval BaseUrl(const char* literal);

  /// The provider has no address of its own: whoever uses it names one.
  constexpr bool is_empty() const { return host.empty(); }
};

namespace detail {

constexpr bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._{}=!").find(c) != std::string_view::npos;
}

constexpr bool is_path_char(char c) { return c > ' ' && c < 0x7F && c != '?' && c != '#'; }

template <class Test>
constexpr bool all_of(std::string_view text, Test test) {
  for (const char c : text) {
    if (!test(c)) return false;
  }
  return true;
}

/// Takes "host", "host:port", "[v6]" or "[v6]:port" apart. Port 0 is "none given".
constexpr bool split_authority(std::string_view authority, BaseUrl& url) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return false;
    url.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    if (!all_of(url.host, [](char c) { return is_host_char(c) || c == ':'; })) return false;
  } else {
    const std::size_t colon = authority.find(':');
    url.host = authority.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
    if (!all_of(url.host, is_host_char)) return false;
  }
  std::uint32_t number = 0;
  for (const char c : port.substr(port.empty() ? 0 : 1)) {
    if (c < '0' || c > '9' || number > 65535) return false;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  url.port = static_cast<std::uint16_t>(number);
  return !url.host.empty() && (port.empty() || (port[0] == ':' && number > 0 && number < 65536));
}

}  // namespace detail

/// Nothing if `text` is not http:// or https://, a host, perhaps a port, perhaps a path.
constexpr std::optional<BaseUrl> split_base_url(std::string_view text) {
  BaseUrl url;
  url.text = text;
  const std::size_t separator = text.find("://");
  if (separator == std::string_view::npos) return std::nullopt;
  const std::string_view scheme = text.substr(0, separator);
  if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https")) {
    return std::nullopt;
  }
  url.scheme = scheme.size() == 5 ? Scheme::https : Scheme::http;
  const std::string_view rest = text.substr(separator + 3);
  const std::size_t slash = rest.find('/');
  if (!detail::split_authority(rest.substr(0, slash), url)) return std::nullopt;
  if (url.port == 0) url.port = default_port(url.scheme);
  if (slash != std::string_view::npos) url.path = rest.substr(slash);
  while (url.path.ends_with('/')) url.path.remove_suffix(1);
  if (!detail::all_of(url.path, detail::is_path_char)) return std::nullopt;
  return url;
}

consteval BaseUrl::BaseUrl(const char* literal) : BaseUrl(*split_base_url(literal)) {}

}  // namespace gatehouse::providers
