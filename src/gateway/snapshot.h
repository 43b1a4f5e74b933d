// Everything that a request reads and nobody changes: settings, providers, credentials, keys. Made
// whole, swapped whole; a request keeps the one it began with.
#pragma once

#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "async/address.h"
#include "auth/authenticate.h"
#include "auth/key_ring.h"
#include "config/settings_source.h"
#include "config/trusted_hosts.h"
#include "credentials/configured_credentials.h"
#include "credentials/provider_names.h"
#include "gateway/saved_plans.h"
#include "http/pool.h"
#include "http/server.h"
#include "providers/location_options.h"
#include "providers/provider_table.h"
#include "routing/gate.h"

namespace gatehouse::gateway {

/// The provider table as the credentials room wants to see it.
class TableNames final : public credentials::ProviderNames {
 public:
  explicit TableNames(const providers::ProviderTable& table) : table_(table) {}
  std::optional<credentials::KnownProvider> find(std::string_view name) const override;
  std::vector<std::string_view> near_names(std::string_view name) const override;

 private:
  const providers::ProviderTable& table_;
};

/// The connect-time half of the rules for custom hosts.
class CustomHostPolicy final : public http::AddressPolicy {
 public:
  explicit CustomHostPolicy(const config::TrustedHosts& trusted) : trusted_(trusted) {}
  bool allows(const async::Address& address, std::string_view host) const override;

 private:
  const config::TrustedHosts& trusted_;
};

struct Snapshot {
  Snapshot(config::Configuration loaded, providers::ProviderTable table,
           credentials::ConfiguredCredentials stored, auth::KeyRing ring);
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  const config::Settings& settings() const { return *configuration.settings; }
  const config::Environment& environment() const { return *configuration.environment; }

  config::Configuration configuration;
  providers::ProviderTable providers;
  credentials::ConfiguredCredentials credentials;
  auth::KeyRing keys;
  config::TrustedHosts trusted;
  auth::AuthRules auth_rules;
  SavedPlans plans{settings()};
  TableNames names{providers};
  CustomHostPolicy policy{trusted};
  std::set<std::string_view> location_options = providers::location_options(providers);
};

/// From what was loaded and the keys of the store. Error: invalid_config, for what the
/// configuration says about providers and keys.
Result<std::shared_ptr<const Snapshot>> make_snapshot(const config::Configuration& configuration,
                                                      std::vector<auth::GatewayKey> stored_keys);

http::ServerLimits server_limits_of(const config::Settings& settings);
http::PoolLimits pool_limits_of(const config::Settings& settings);
/// One loop's share of what the operator allows for all of them.
routing::GateLimits gate_limits_of(const config::Settings& settings);
std::size_t loops_of(const config::Settings& settings);

}  // namespace gatehouse::gateway
