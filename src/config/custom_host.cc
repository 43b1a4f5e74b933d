#include "config/custom_host.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include "base/text.h"
#include "config/address_rules.h"

namespace gatehouse::config {
namespace {

constexpr std::ptrdiff_t kMostLabels = 10;

// Services that speak a line protocol, or that hold secrets behind an open local port. Sorted.
constexpr std::uint16_t kBlockedPorts[] = {
    7,    9,    11,   13,    15,    17,    19,    20,    21,    22,    23,    25,   53,
    69,   79,   110,  111,   119,   135,   137,   139,   143,   161,   389,   445,  465,
    512,  513,  514,  515,   587,   636,   873,   993,   995,   1433,  1521,  2049, 2181,
    2375, 2376, 2379, 2380,  3306,  3389,  5432,  5672,  5900,  5984,  6379,  6443, 9042,
    9092, 9200, 9300, 10250, 10255, 11211, 26379, 27017, 27018, 27019, 28017, 50070};
static_assert(std::ranges::is_sorted(kBlockedPorts));

// A name matches a row that equals it or that it ends in after a dot.
constexpr std::string_view kNeverHosts[] = {
    // metadata services
    "metadata", "instance-data", "metadata.google.internal", "metadata.azure.com",
    "metadata.azure.internal", "compute.internal",
    // the inside of a cluster
    "kubernetes", "kubernetes.default", "kubernetes.default.svc", "cluster.local", "consul",
    // names that resolve to whatever address stands in them
    "nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "traefik.me",
    "localhost.run"};

constexpr std::string_view kInternalDomains[] = {"local",   "localdomain", "internal", "intranet",
                                                 "lan",     "home",        "corp",     "test",
                                                 "invalid", "onion",       "localhost"};

bool is_within(std::string_view host, std::string_view domain) {
  if (!host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

bool is_within_any(std::string_view host, std::span<const std::string_view> domains) {
  return std::ranges::any_of(domains,
                             [&](std::string_view domain) { return is_within(host, domain); });
}

bool has_punycode_label(std::string_view host) {
  return host.starts_with("xn--") || host.find(".xn--") != std::string_view::npos;
}

// Where a URL parser reads the last label as a number, it reads the whole host as IPv4: 2130706433,
// 0x7f.1, 127.1 (WHATWG URL, "ends in a number"). Only the plain four-part form is taken.
bool is_disguised_v4(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  const bool is_decimal = last.find_first_not_of(kDigits) == std::string_view::npos;
  const bool is_hex = last.starts_with("0x") &&
                      last.substr(2).find_first_not_of(kHexDigits) == std::string_view::npos;
  return (is_decimal || is_hex) && !IpAddress::parse(host);
}

// Rules that no operator's trust lifts. Returns the clause that goes into the message, or nothing.
std::string_view refusal_of_shape(const Url& url) {
  const std::string_view host = url.host;
  if (std::ranges::count(host, '.') >= kMostLabels) return "the host has more than 10 labels";
  if (host.find('_') != std::string_view::npos) return "the host holds an underscore";
  if (host.find("api.portkey") != std::string_view::npos) return "the host is a gateway itself";
  if (has_punycode_label(host)) return "the host is an internationalised (xn--) name";
  if (is_disguised_v4(host)) return "the host is an IPv4 address in an unusual notation";
  if (std::ranges::binary_search(kBlockedPorts, url.port)) {
    return "the port belongs to a service that is no HTTP API";
  }
  if (is_within_any(host, kNeverHosts)) {
    return "the host is a metadata service, a cluster's inside or a rebinding name";
  }
  const std::optional<IpAddress> address = IpAddress::parse(host);
  if (address && kind_of(*address) == AddressKind::metadata) {
    return "the address belongs to a metadata service";
  }
  return {};
}

// Rules for hosts that nobody vouched for.
std::string_view refusal_of_stranger(std::string_view host) {
  if (is_within_any(host, kInternalDomains)) return "the host lies in an internal domain";
  const std::optional<IpAddress> address = IpAddress::parse(host);
  if (address && kind_of(*address) != AddressKind::open) {
    return "the address is private, local or reserved";
  }
  return {};
}

std::unexpected<Failure> blocked(std::string_view why, std::string_view repair) {
  std::string message = "Invalid custom host: ";
  message.append(why).append(repair);
  return fail(client_error(ErrorCode::custom_host_blocked, std::move(message), "custom_host"));
}

}  // namespace

Result<CustomHost> validate_custom_host(std::string_view text, const TrustedHosts& trusted) {
  Result<Url> url = parse_base_url(text);
  if (!url)
    return blocked(url.error()->message, ". Give a URL such as https://llm.example.com/v1.");
  if (const std::string_view why = refusal_of_shape(*url); !why.empty()) return blocked(why, ".");
  if (trusted.trusts(url->host)) return CustomHost{std::move(*url), HostTrust::trusted};
  if (const std::string_view why = refusal_of_stranger(url->host); !why.empty()) {
    return blocked(why, ". The operator of the gateway can allow it: TRUSTED_CUSTOM_HOSTS.");
  }
  return CustomHost{std::move(*url), HostTrust::untrusted};
}

bool is_address_allowed(const IpAddress& address, const TrustedHosts& trusted,
                        std::string_view host) {
  switch (kind_of(address)) {
    case AddressKind::open: return true;
    case AddressKind::internal: return trusted.trusts(host) || trusted.trusts(address);
    case AddressKind::metadata: return false;
  }
  return false;
}

}  // namespace gatehouse::config
