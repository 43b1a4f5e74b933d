#include "config/trusted_hosts.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace gatehouse::config {
namespace {

std::string_view without_brackets(std::string_view text) {
  const bool is_bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  return is_bracketed ? text.substr(1, text.size() - 2) : text;
}

bool is_name(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

}  // namespace

bool is_trusted_host_entry(std::string_view entry) {
  const std::string name = lowered(trimmed(entry));
  if (IpRange::parse(without_brackets(name))) return true;
  return is_name(name.starts_with("*.") ? std::string_view(name).substr(2) : name);
}

Result<TrustedHosts> TrustedHosts::from(std::span<const std::string> entries) {
  TrustedHosts trusted;
  for (const std::string& entry : entries) {
    if (!is_trusted_host_entry(entry)) {
      return fail(gateway_error(ErrorCode::invalid_config,
                                "'" + entry + "' is no host, *.domain, address or address range"));
    }
    std::string name = lowered(trimmed(entry));
    if (const std::optional<IpRange> range = IpRange::parse(without_brackets(name))) {
      trusted.ranges_.push_back(*range);
    } else if (name.starts_with('*')) {
      trusted.suffixes_.push_back(name.substr(1));
    } else {
      if (name == "localhost") trusted.suffixes_.emplace_back(".localhost");
      trusted.names_.push_back(std::move(name));
    }
  }
  return trusted;
}

bool TrustedHosts::trusts(std::string_view host) const {
  if (std::ranges::find(names_, host) != names_.end()) return true;
  if (std::ranges::any_of(suffixes_, [&](const std::string& suffix) {
        return host.size() > suffix.size() && host.ends_with(suffix);
      })) {
    return true;
  }
  const std::optional<IpAddress> address = IpAddress::parse(host);
  return address && trusts(*address);
}

bool TrustedHosts::trusts(const IpAddress& address) const {
  return std::ranges::any_of(ranges_,
                             [&](const IpRange& range) { return range.contains(address); });
}

}  // namespace gatehouse::config
