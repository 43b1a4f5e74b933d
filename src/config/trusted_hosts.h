// Hosts that an operator vouches for: custom hosts inside the operator's own network.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/ip_address.h"

namespace gatehouse::config {

/// Immutable once made; safe to share between threads.
class TrustedHosts {
 public:
  TrustedHosts() = default;  // trusts nobody

  /// Entries are "llm.corp" (itself), "*.corp" (everything below, not itself), an address or a
  /// range of addresses. "localhost" stands for "*.localhost" too (RFC 6761 section 6.3). Error:
  /// invalid_config, naming the entry.
  static Result<TrustedHosts> from(std::span<const std::string> entries);

  /// `host` as BaseUrl has it: lower case, no brackets.
  bool trusts(std::string_view host) const;
  bool trusts(const IpAddress& address) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> suffixes_;  // ".corp"
  std::vector<IpRange> ranges_;
};

/// Whether `entry` is one that TrustedHosts::from takes.
bool is_trusted_host_entry(std::string_view entry);

}  // namespace gatehouse::config
