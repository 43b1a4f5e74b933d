#include "config/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace gatehouse::config {
namespace {

int system_family(IpFamily family) { return family == IpFamily::v4 ? AF_INET : AF_INET6; }

std::uint8_t bits_of(IpFamily family) { return family == IpFamily::v4 ? 32 : 128; }

IpAddress v4_at(const IpAddress& address, std::size_t offset) {
  return IpAddress::v4(std::span<const std::uint8_t, 4>(address.bytes.data() + offset, 4));
}

bool are_zero(const IpAddress& address, std::size_t first, std::size_t last) {
  return std::all_of(address.bytes.begin() + static_cast<std::ptrdiff_t>(first),
                     address.bytes.begin() + static_cast<std::ptrdiff_t>(last),
                     [](std::uint8_t byte) { return byte == 0; });
}

// Teredo hides the client's address by inverting its bits (RFC 4380 section 4).
IpAddress teredo_client(const IpAddress& address) {
  IpAddress client = v4_at(address, 12);
  for (std::size_t i = 0; i < 4; ++i) client.bytes[i] = static_cast<std::uint8_t>(~client.bytes[i]);
  return client;
}

// Where a prefix keeps the IPv4 address. The length is in bytes: all these prefixes end on one.
struct Embedding {
  std::array<std::uint8_t, 12> prefix;
  std::size_t prefix_length;
  std::size_t offset;
};

constexpr Embedding kEmbeddings[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 12, 12},        // ::ffff:0:0/96, mapped
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0}, 12, 12},        // ::ffff:0:0:0/96, SIIT
    {{0x20, 0x02}, 2, 2},                                        // 2002::/16, 6to4
    {{0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, 12, 12},  // 64:ff9b::/96, NAT64
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 6, 12},               // 64:ff9b:1::/48, local NAT64
};

bool is_isatap(const IpAddress& address) {
  // The universal/local bit differs between public and private forms: 0000:5efe or 0200:5efe.
  return (address.bytes[8] & 0xfdU) == 0 && address.bytes[9] == 0 && address.bytes[10] == 0x5e &&
         address.bytes[11] == 0xfe;
}

}  // namespace

IpAddress IpAddress::v4(std::span<const std::uint8_t, 4> bytes) {
  IpAddress address;
  std::ranges::copy(bytes, address.bytes.begin());
  return address;
}

IpAddress IpAddress::v6(std::span<const std::uint8_t, 16> bytes) {
  IpAddress address;
  address.family = IpFamily::v6;
  std::ranges::copy(bytes, address.bytes.begin());
  return address;
}

std::optional<IpAddress> IpAddress::from(const sockaddr& address) {
  IpAddress result;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof(v4));
    std::memcpy(result.bytes.data(), &v4.sin_addr, 4);
    return result;
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof(v6));
  result.family = IpFamily::v6;
  std::memcpy(result.bytes.data(), &v6.sin6_addr, 16);
  return result;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN + 1] = {};
  if (text.empty() || text.size() >= sizeof(buffer) || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  text.copy(buffer, text.size());
  IpAddress address;
  // inet_pton, unlike inet_aton, knows neither octal, nor hex, nor short forms.
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    address.family = family;
    if (inet_pton(system_family(family), buffer, address.bytes.data()) == 1) return address;
  }
  return std::nullopt;
}

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  inet_ntop(system_family(family), bytes.data(), buffer, sizeof(buffer));
  return buffer;
}

bool IpAddress::is_loopback() const {
  if (family == IpFamily::v4) return bytes[0] == 127;
  if (are_zero(*this, 0, 15) && bytes[15] == 1) return true;
  const std::optional<IpAddress> inner = embedded_v4(*this);
  return inner && inner->is_loopback();
}

std::optional<IpAddress> embedded_v4(const IpAddress& address) {
  if (address.family == IpFamily::v4) return std::nullopt;
  for (const Embedding& embedding : kEmbeddings) {
    if (std::equal(embedding.prefix.begin(),
                   embedding.prefix.begin() + static_cast<std::ptrdiff_t>(embedding.prefix_length),
                   address.bytes.begin())) {
      return v4_at(address, embedding.offset);
    }
  }
  constexpr std::array<std::uint8_t, 4> kTeredo = {0x20, 0x01, 0, 0};
  if (std::equal(kTeredo.begin(), kTeredo.end(), address.bytes.begin())) {
    return teredo_client(address);
  }
  if (is_isatap(address)) return v4_at(address, 12);
  // ::a.b.c.d, the compatible form; :: and ::1 are addresses of their own.
  const bool is_compatible = are_zero(address, 0, 12) && !are_zero(address, 12, 15);
  return is_compatible ? std::optional(v4_at(address, 12)) : std::nullopt;
}

std::optional<IpRange> IpRange::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> base = IpAddress::parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  if (slash == std::string_view::npos) return IpRange{*base, bits_of(base->family)};
  const auto prefix = parse_number<std::uint8_t>(text.substr(slash + 1));
  if (!prefix || *prefix > bits_of(base->family)) return std::nullopt;
  return IpRange{*base, *prefix};
}

bool IpRange::contains(const IpAddress& address) const {
  if (address.family != base.family) return false;
  const std::size_t whole = prefix / 8U;
  if (std::memcmp(base.bytes.data(), address.bytes.data(), whole) != 0) return false;
  const unsigned rest = prefix % 8U;
  if (rest == 0) return true;
  const unsigned mask = 0xffU << (8U - rest);
  return ((base.bytes[whole] ^ address.bytes[whole]) & mask & 0xffU) == 0;
}

std::string IpRange::text() const {
  if (prefix == bits_of(base.family)) return base.text();
  return base.text() + "/" + std::to_string(prefix);
}

}  // namespace gatehouse::config
