#include "config/url.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "config/ip_address.h"

namespace gatehouse::config {
namespace {

constexpr std::size_t kLongestUrl = 2048;

std::unexpected<Failure> bad(std::string message) {
  return fail(client_error(ErrorCode::invalid_request, std::move(message)));
}

// What no part of a URL may hold as it stands: controls and spaces split header lines, a backslash
// is a slash to some parsers only, and whatever is not ASCII must be percent-encoded.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte >= 0x7f || c == '\\' || c == '<' || c == '>' || c == '"' ||
         c == '^' || c == '`' || c == '{' || c == '|' || c == '}';
}

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

struct Authority {
  std::string_view host;
  std::string_view port;
  enum class Kind : std::uint8_t { name, v6 } kind = Kind::name;
};

std::optional<Authority> split_authority(std::string_view text) {
  Authority parts;
  std::size_t end = 0;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    parts.kind = Authority::Kind::v6;
    parts.host = text.substr(1, end - 1);
    ++end;
  } else {
    end = std::min(text.find(':'), text.size());
    parts.host = text.substr(0, end);
  }
  const std::string_view rest = text.substr(end);
  if (rest.empty()) return parts;
  if (rest.front() != ':' || rest.size() == 1) return std::nullopt;
  parts.port = rest.substr(1);
  return parts;
}

Result<std::string> checked_host(const Authority& authority) {
  if (authority.kind == Authority::Kind::v6) {
    const std::optional<IpAddress> address = IpAddress::parse(authority.host);
    if (!address || address->family != IpFamily::v6) return bad("the IPv6 address does not parse");
    return address->text();
  }
  std::string host = lowered(authority.host);
  if (host.empty()) return bad("it names no host");
  if (host.size() > 253) return bad("the host name is longer than 253 characters");
  if (!std::ranges::all_of(host, is_host_char)) {
    return bad("the host holds characters other than letters, digits, '.' and '-'");
  }
  if (host.front() == '.' || host.find("..") != std::string::npos) {
    return bad("the host has an empty label");
  }
  if (host.back() == '.') return bad("the host ends in a dot");
  return host;
}

Result<std::uint16_t> checked_port(std::string_view text, Scheme scheme) {
  if (text.empty()) return default_port(scheme);
  const auto port = parse_number<std::uint16_t>(text);
  if (!port || *port == 0) return bad("the port is not a number from 1 to 65535");
  return *port;
}

}  // namespace

Result<Url> parse_base_url(std::string_view text) {
  if (text.empty()) return bad("it is empty");
  if (text.size() > kLongestUrl) return bad("it is longer than 2048 characters");
  if (std::ranges::any_of(text, is_forbidden)) {
    return bad(
        "it holds a space, a control character or another character that a URL may not hold");
  }
  Url url;
  if (starts_with_ignoring_case(text, "https://")) {
    text.remove_prefix(8);
  } else if (starts_with_ignoring_case(text, "http://")) {
    url.scheme = Scheme::http;
    text.remove_prefix(7);
  } else {
    return bad("it does not start with http:// or https://");
  }
  if (text.find('@') != std::string_view::npos) return bad("it holds a user name or an '@'");
  if (text.find_first_of("?#") != std::string_view::npos)
    return bad("it holds a query or a fragment");
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::optional<Authority> authority = split_authority(text.substr(0, slash));
  if (!authority) return bad("host and port do not parse");
  Result<std::string> host = checked_host(*authority);
  if (!host) return fail(std::move(host.error()));
  const Result<std::uint16_t> port = checked_port(authority->port, url.scheme);
  if (!port) return fail(port.error());
  url.host = std::move(*host);
  url.port = *port;
  url.target = std::string(text.substr(slash));
  while (url.target.ends_with('/')) url.target.pop_back();
  return url;
}

}  // namespace gatehouse::config
