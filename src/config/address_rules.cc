#include "config/address_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace gatehouse::config {
namespace {

constexpr std::string_view kMetadata[] = {
    "169.254.169.0/24",  // AWS, GCP, Azure, OpenStack, DigitalOcean
    "169.254.170.2",     // AWS ECS task credentials
    "169.254.170.23",    // AWS EKS pod identity
    "100.100.100.200",   // Alibaba Cloud
    "168.63.129.16",     // Azure wire server
    "192.0.0.192",       // Oracle Cloud
    "fd00:ec2::/96",     // AWS over IPv6
    "fd20:ce::254",      // GCP over IPv6
    "fe80::a9fe:a9fe",   // OpenStack over IPv6
};

constexpr std::string_view kInternal[] = {
    "0.0.0.0/8",        // this network
    "10.0.0.0/8",       // private
    "100.64.0.0/10",    // shared by carriers
    "127.0.0.0/8",      // loopback
    "169.254.0.0/16",   // link-local
    "172.16.0.0/12",    // private
    "192.0.0.0/24",     // protocol assignments
    "192.0.2.0/24",     // documentation
    "192.88.99.0/24",   // 6to4 relays
    "192.168.0.0/16",   // private
    "198.18.0.0/15",    // benchmarks
    "198.51.100.0/24",  // documentation
    "203.0.113.0/24",   // documentation
    "224.0.0.0/4",      // multicast
    "240.0.0.0/4",      // reserved, broadcast
    "::/128",           // unspecified
    "::1/128",          // loopback
    "64:ff9b:1::/48",   // local NAT64
    "100::/63",         // discard-only, dummy prefix
    "2001::/32",        // Teredo
    "2001:db8::/32",    // documentation
    "3fff::/20",        // documentation
    "5f00::/16",        // segment routing identifiers
    "fc00::/7",         // unique local
    "fe80::/10",        // link-local
    "fec0::/10",        // site-local, deprecated
    "ff00::/8",         // multicast
};

std::vector<IpRange> ranges_of(std::span<const std::string_view> texts) {
  std::vector<IpRange> ranges;
  ranges.reserve(texts.size());
  for (const std::string_view text : texts) ranges.push_back(IpRange::parse(text).value());
  return ranges;
}

bool is_in(const std::vector<IpRange>& ranges, const IpAddress& address) {
  return std::ranges::any_of(ranges, [&](const IpRange& range) { return range.contains(address); });
}

AddressKind own_kind_of(const IpAddress& address) {
  static const std::vector<IpRange> kMetadataRanges = ranges_of(kMetadata);
  static const std::vector<IpRange> kInternalRanges = ranges_of(kInternal);
  if (is_in(kMetadataRanges, address)) return AddressKind::metadata;
  return is_in(kInternalRanges, address) ? AddressKind::internal : AddressKind::open;
}

}  // namespace

AddressKind kind_of(const IpAddress& address) {
  const AddressKind own = own_kind_of(address);
  const std::optional<IpAddress> inner = embedded_v4(address);
  return inner ? std::max(own, own_kind_of(*inner)) : own;
}

}  // namespace gatehouse::config
