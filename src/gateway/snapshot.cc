#include "gateway/snapshot.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "config/custom_host.h"
#include "gateway/target_options.h"
#include "providers/signers/signer.h"
#include "providers/upstream_url.h"

namespace gatehouse::gateway {
namespace {

std::vector<providers::TextPair> as_pairs(const std::vector<config::NamedText>& list) {
  std::vector<providers::TextPair> pairs;
  for (const config::NamedText& each : list) pairs.emplace_back(each.name, each.value);
  return pairs;
}

providers::ProviderEntry as_provider_entry(const std::string& id,
                                           const config::ProviderEntry& from) {
  providers::ProviderEntry entry;
  entry.id = id;
  entry.name = from.name;
  entry.base_url = from.base_url;
  entry.dialect = from.dialect;
  entry.auth = from.auth;
  entry.aliases = from.aliases;
  entry.env = from.env_vars;
  for (const config::HeaderEntry& header : from.headers) {
    entry.headers.emplace_back(header.name, std::string(header.value.reveal()));
  }
  entry.drop = from.quirks.drop;
  entry.drop_in_messages = from.quirks.drop_in_messages;
  entry.rename = as_pairs(from.quirks.rename);
  entry.defaults = as_pairs(from.quirks.defaults);
  if (from.quirks.developer_role == "system") entry.developer_role = "becomes_system";
  if (from.quirks.developer_role == "developer") entry.developer_role = "kept";
  if (from.quirks.stream_usage) {
    entry.stream_usage = *from.quirks.stream_usage ? "on_request" : "unasked";
  }
  return entry;
}

credentials::StoredCredential stored_credential(const std::string& slug,
                                                const config::VirtualKeyEntry& entry,
                                                const providers::ProviderTable& table) {
  credentials::StoredCredential stored{slug, entry.provider, entry.api_key, entry.base_url, {}, {}};
  for (const config::HeaderEntry& header : entry.headers) {
    stored.headers.emplace_back(header.name, header.value);
  }
  for (const config::HeaderEntry& option : entry.options) {
    stored.options.emplace_back(providers::option_of_config_field(option.name), option.value);
  }
  // An address that clients name in a field of the provider's own is the base URL of the operator.
  if (const providers::ProviderRow* row = table.find(entry.provider); row != nullptr) {
    const StoredOptions options(stored.options);
    if (stored.base_url.empty()) stored.base_url = providers::requested_base(*row, options);
  }
  return stored;
}

credentials::ConfiguredCredentials credentials_of(const config::Settings& settings,
                                                  const providers::ProviderTable& table) {
  std::vector<credentials::StoredCredential> stored;
  for (const auto& [slug, entry] : settings.virtual_keys) {
    stored.push_back(stored_credential(slug, entry, table));
  }
  return {std::move(stored), settings.dummy_credentials};
}

Result<auth::GatewayKey> configured_key(const config::ApiKeyEntry& entry) {
  auth::KeyTerms terms;
  terms.name = entry.name;
  terms.source = auth::KeySource::config;
  if (!entry.scopes.empty()) {
    terms.scopes = {};
    for (const exchange::Scope scope : entry.scopes) terms.scopes.add(scope);
  }
  Result<auth::GatewayKey> key;
  if (entry.hash) {
    key->name = terms.name;
    key->hash = *entry.hash;
    key->scopes = terms.scopes;
    key->source = terms.source;
  } else {
    key = auth::adopt_key(entry.key, terms, WallTime{});
  }
  // Stable over restarts, so that records of one key stay together.
  if (key) key->id = "config:" + entry.name;
  return key;
}

Result<void> add_configured_keys(const config::Settings& settings,
                                 std::vector<auth::GatewayKey>& keys) {
  for (const config::ApiKeyEntry& entry : settings.api_keys) {
    Result<auth::GatewayKey> key = configured_key(entry);
    if (!key) return std::unexpected(std::move(key.error()));
    keys.push_back(std::move(*key));
  }
  return {};
}

}  // namespace

std::optional<credentials::KnownProvider> TableNames::find(std::string_view name) const {
  const providers::ProviderRow* row = table_.find(name);
  if (row == nullptr) return std::nullopt;
  const auto need = row->key == providers::KeyNeed::required ? credentials::KeyNeed::required
                                                             : credentials::KeyNeed::optional;
  return credentials::KnownProvider{row->id,
                                    {row->env.begin(), row->env.size()},
                                    need,
                                    providers::credential_options(row->signer)};
}

std::vector<std::string_view> TableNames::near_names(std::string_view name) const {
  return table_.near_names(name);
}

bool CustomHostPolicy::allows(const async::Address& address, std::string_view host) const {
  const std::optional<config::IpAddress> ip = config::IpAddress::from(*address.raw());
  return ip && config::is_address_allowed(*ip, trusted_, host);
}

Snapshot::Snapshot(config::Configuration loaded, providers::ProviderTable table,
                   credentials::ConfiguredCredentials stored, auth::KeyRing ring)
    : configuration(std::move(loaded)),
      providers(std::move(table)),
      credentials(std::move(stored)),
      keys(std::move(ring)),
      trusted(config::trusted_hosts_of(settings())) {
  auth_rules.mode = settings().server.auth == config::AuthMode::optional ? auth::AuthMode::optional
                                                                         : auth::AuthMode::required;
}

Result<std::shared_ptr<const Snapshot>> make_snapshot(const config::Configuration& configuration,
                                                      std::vector<auth::GatewayKey> stored_keys) {
  const config::Settings& settings = *configuration.settings;
  std::vector<providers::ProviderEntry> entries;
  for (const auto& [id, entry] : settings.providers)
    entries.push_back(as_provider_entry(id, entry));
  Result<providers::ProviderTable> table = providers::ProviderTable::with(entries);
  if (!table) return std::unexpected(std::move(table.error()));
  std::vector<auth::GatewayKey> keys;
  if (Result<void> added = add_configured_keys(settings, keys); !added) {
    return std::unexpected(std::move(added.error()));
  }
  std::ranges::move(stored_keys, std::back_inserter(keys));
  credentials::ConfiguredCredentials stored = credentials_of(settings, *table);
  return std::make_shared<const Snapshot>(configuration, std::move(*table), std::move(stored),
                                          auth::KeyRing(std::move(keys)));
}

http::ServerLimits server_limits_of(const config::Settings& settings) {
  const config::ServerSettings& server = settings.server;
  http::ServerLimits limits;
  limits.head.bytes = server.max_head_bytes;
  limits.head.fields = server.max_headers;
  limits.max_connections = server.max_connections;
  limits.header_timeout = server.header_timeout;
  limits.body_timeout = server.body_timeout;
  limits.idle_timeout = server.idle_timeout;
  limits.write_timeout = server.write_timeout;
  return limits;
}

http::PoolLimits pool_limits_of(const config::Settings& settings) {
  const config::UpstreamSettings& upstream = settings.upstream;
  return {upstream.connect_timeout, upstream.keepalive_idle, upstream.max_idle_per_host};
}

std::size_t loops_of(const config::Settings& settings) {
  const std::size_t wanted = settings.server.threads;
  return wanted > 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

routing::GateLimits gate_limits_of(const config::Settings& settings) {
  const config::UpstreamSettings& upstream = settings.upstream;
  const auto loops = static_cast<std::uint32_t>(loops_of(settings));
  const auto share = [loops](std::uint32_t all) { return (all + loops - 1) / loops; };
  return {share(upstream.max_concurrency), share(upstream.max_queue), upstream.queue_timeout};
}

}  // namespace gatehouse::gateway
