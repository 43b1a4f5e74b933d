// What this room needs to know about providers, and nothing more.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "exchange/credential_option.h"

namespace gatehouse::credentials {

enum class KeyNeed : std::uint8_t { required, optional };

/// Views that live as long as the ProviderNames they come from.
struct KnownProvider {
  std::string_view id;                    // the canonical name
  std::span<const std::string_view> env;  // variables that may hold the key, in order
  KeyNeed key = KeyNeed::required;
  std::span<const exchange::CredentialOption>
      options{};  // the parts of credentials that are no key
};

/// Thread-safe, never blocks.
class ProviderNames {
 public:
  virtual ~ProviderNames() = default;
  /// By id or alias, in any case.
  virtual std::optional<KnownProvider> find(std::string_view name) const = 0;
  /// Ids and aliases that look like `name`, the nearest first. For error messages.
  virtual std::vector<std::string_view> near_names(std::string_view name) const = 0;
};

}  // namespace gatehouse::credentials
