#include "config/listen_address.h"

#include <optional>

#include "base/text.h"
#include "config/ip_address.h"

namespace gatehouse::config {
namespace {

std::optional<std::string> numeric_host(std::string_view host) {
  if (equals_ignoring_case(host, "localhost")) return "127.0.0.1";
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  const std::optional<IpAddress> address = IpAddress::parse(host);
  // Without brackets the colons of an IPv6 address and the port's cannot be told apart.
  if (!address || (address->family == IpFamily::v6) != is_bracketed) return std::nullopt;
  return address->text();
}

}  // namespace

bool ListenAddress::is_loopback() const {
  const std::optional<IpAddress> address = IpAddress::parse(host);
  return address && address->is_loopback();
}

std::string ListenAddress::text() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const bool is_port_alone = colon == std::string_view::npos;
  const auto port = parse_number<std::uint16_t>(is_port_alone ? text : text.substr(colon + 1));
  const std::optional<std::string> host =
      is_port_alone ? std::optional<std::string>("127.0.0.1") : numeric_host(text.substr(0, colon));
  if (!port || !host) {
    return fail(gateway_error(ErrorCode::invalid_config,
                              "'" + std::string(text) + "' is no address to listen on; allowed: " +
                                  std::string(kListenForms)));
  }
  return ListenAddress{*host, *port};
}

}  // namespace gatehouse::config
