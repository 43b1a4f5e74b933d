// Everything an operator can set. Plain data with defaults that need no file: what gatehouse.yaml
// says is laid over a default-made Settings. Loaded once and then shared as
// std::shared_ptr<const Settings>; a reload makes a new one.
//
// The key of a member in the file is its own name; settings_rows.cc has the tables.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "config/ip_address.h"
#include "config/listen_address.h"
#include "config/problem.h"
#include "exchange/cache_settings.h"
#include "exchange/principal.h"

namespace gatehouse::config {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;
using Milliseconds = std::chrono::milliseconds;

inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;
inline constexpr std::uint64_t kGiB = 1024 * kMiB;

/// Whether a request needs a gateway key. `optional`: one that is sent is still checked.
enum class AuthMode : std::uint8_t { required, optional };

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };

/// Which of a name's addresses are called. `any`: in the order in which the system returns them.
enum class AddressChoice : std::uint8_t { any, ipv4_first, ipv6_first, ipv4_only, ipv6_only };

/// A header field to add upstream. The value may be a credential, so it is never shown.
struct HeaderEntry {
  std::string name;
  Secret value;
  friend bool operator==(const HeaderEntry&, const HeaderEntry&) = default;
};

struct NamedText {
  std::string name;
  std::string value;
  friend bool operator==(const NamedText&, const NamedText&) = default;
};

struct TlsSettings {
  std::string cert_file;  // PEM; both or neither
  std::string key_file;

  bool is_enabled() const { return !cert_file.empty(); }
  friend bool operator==(const TlsSettings&, const TlsSettings&) = default;
};

struct CorsSettings {
  std::vector<std::string> origins;  // "*" or "https://app.example.com"; none: CORS is off
  std::vector<std::string> headers = {"*"};
  Milliseconds max_age = 24h;
  friend bool operator==(const CorsSettings&, const CorsSettings&) = default;
};

struct ServerSettings {
  std::vector<ListenAddress> listen = {ListenAddress{}};
  std::uint32_t threads = 0;  // 0: one a core
  AuthMode auth = AuthMode::required;
  bool saved_only = false;  // requests name what is saved here, and bring nothing of their own
  std::uint64_t max_head_bytes = 64 * kKiB;
  std::uint32_t max_headers = 100;
  std::uint64_t max_body_bytes = 64 * kMiB;  // of bodies that are held whole; uploads stream
  std::uint32_t max_connections = 50'000;
  Milliseconds header_timeout = 10s;     // from the first byte of a head to its last
  Milliseconds body_timeout = 60s;       // between two reads of a body
  Milliseconds idle_timeout = 75s;       // between two requests
  Milliseconds write_timeout = 60s;      // for a client that does not read
  Milliseconds drain_timeout = 30s;      // for open streams after SIGTERM
  std::vector<IpRange> trust_forwarded;  // peers whose X-Forwarded-For is believed
  CorsSettings cors;
  TlsSettings tls;
  friend bool operator==(const ServerSettings&, const ServerSettings&) = default;
};

struct UpstreamSettings {
  Milliseconds connect_timeout = 5s;
  Milliseconds first_byte_timeout = 300s;
  Milliseconds idle_timeout = 120s;  // between two reads of an answer
  Milliseconds total_timeout{0};     // 0: none
  Milliseconds keepalive_idle = 50s;
  std::uint32_t max_idle_per_host = 128;
  std::uint32_t max_concurrency =
      0;  // calls of one upstream at once, shared by the loops; 0: no limit
  std::uint32_t max_queue = 1000;    // that may wait for one upstream, likewise
  Milliseconds queue_timeout = 30s;  // how long they do
  std::string ca_file;               // PEM; empty: the system's
  AddressChoice resolve = AddressChoice::any;
  /// Entries as TrustedHosts::from takes them. Not set: see trusted_hosts_of.
  std::optional<std::vector<std::string>> trusted_custom_hosts;
  friend bool operator==(const UpstreamSettings&, const UpstreamSettings&) = default;
};

/// How plans are run where their configs do not say.
struct RoutingSettings {
  Milliseconds first_token_timeout = 10s;  // then the next target is asked too; 0: never
  Milliseconds stall_timeout = 20s;       // of a stream that another target could take up; 0: never
  bool recover_streams = true;            // take a broken stream up with the next target
  std::uint32_t retry_share = 20;         // per cent of an upstream's calls that may be retries
  std::uint32_t retries_per_second = 10;  // that are always allowed
  friend bool operator==(const RoutingSettings&, const RoutingSettings&) = default;
};

/// The record of requests; not the process log.
struct RecordSettings {
  bool enabled = true;
  bool bodies = true;
  std::uint64_t max_body_bytes = 16 * kKiB;  // longer bodies are cut
  std::uint64_t max_body_rate = 8 * kMiB;    // a second; beyond it none are kept. 0: no limit
  std::vector<std::string> headers;          // client headers to keep, lower case
  std::uint32_t retention_days = 30;         // 0: for ever
  std::uint64_t max_bytes = 10 * kGiB;       // 0: no limit
  friend bool operator==(const RecordSettings&, const RecordSettings&) = default;
};

/// Questions that mean nearly the same; off while no provider is named.
struct SemanticCacheSettings {
  std::string provider;  // who embeds: a provider's name, or "@slug" of a virtual key
  std::string model;
  std::uint32_t dimensions = 0;  // 0: as many as the model gives
  double threshold = 0.95;       // the least cosine
  Milliseconds timeout = 5s;     // of the embedding; then the question counts as a new one
  std::uint64_t memory_bytes = 64 * kMiB;  // of vectors

  bool is_enabled() const { return !provider.empty(); }
  friend bool operator==(const SemanticCacheSettings&, const SemanticCacheSettings&) = default;
};

/// Of kept answers. A request that says nothing about the cache is not cached, unless `mode` is
/// set.
struct ResponseCacheSettings {
  bool enabled = true;
  exchange::CacheMode mode = exchange::CacheMode::none;  // of requests that do not say
  Milliseconds max_age = 168h;                           // of requests that do not say
  Milliseconds longest_max_age = 2160h;                  // whatever they say
  std::uint64_t memory_bytes = 64 * kMiB;
  std::uint64_t disk_bytes = 1 * kGiB;  // 0: memory only
  std::uint64_t max_entry_bytes = 1 * kMiB;
  Milliseconds coalesce_wait = 60s;  // for an identical call under way; 0: each asks for itself
  SemanticCacheSettings semantic;
  friend bool operator==(const ResponseCacheSettings&, const ResponseCacheSettings&) = default;
};

using Sha256 = std::array<std::uint8_t, 32>;

/// A gateway key: exactly one of `key` and `hash` (of the key, as `gatehouse keys` shows it) is
/// set.
struct ApiKeyEntry {
  Place place;
  std::string name;
  Secret key;
  std::optional<Sha256> hash;
  std::vector<exchange::Scope> scopes;  // none: what a key may do that says nothing
  std::string config;                   // the slug of the config for requests that name none
  friend bool operator==(const ApiKeyEntry&, const ApiKeyEntry&) = default;
};

/// A stored provider credential, known to clients by its slug alone.
struct VirtualKeyEntry {
  Place place;
  std::string provider;
  Secret api_key;        // empty: the provider's environment variable
  std::string base_url;  // empty: the provider's own
  std::vector<HeaderEntry> headers;
  std::vector<HeaderEntry> options;  // aws_region, vertex_project_id...: fields of a config
  friend bool operator==(const VirtualKeyEntry&, const VirtualKeyEntry&) = default;
};

/// A config that requests name by its slug (`x-portkey-config: pc-...`).
struct SavedConfig {
  Place place;
  Secret json;  // the config object, which may hold keys
  friend bool operator==(const SavedConfig&, const SavedConfig&) = default;
};

/// Deviations of a provider from the OpenAI protocol; llm/quirks.h says what they mean.
struct QuirkEntries {
  std::vector<std::string> drop;              // parameters it refuses
  std::vector<std::string> drop_in_messages;  // members of messages it refuses
  std::vector<NamedText> rename;              // parameter -> its name there
  std::vector<NamedText> defaults;            // parameter -> JSON text
  std::string developer_role;                 // what "developer" becomes: "system", "developer"
  std::optional<bool> stream_usage;           // whether stream_options.include_usage is honoured
  friend bool operator==(const QuirkEntries&, const QuirkEntries&) = default;
};

/// A provider of the operator's own, or changes to a known one: only what is set counts.
struct ProviderEntry {
  Place place;
  std::string name;      // for people
  std::string base_url;  // may hold {placeholders}
  std::string dialect;   // name of an llm::DialectId, or "none"
  std::string auth;      // "Authorization: Bearer {key}", "api-key: {key}", "none"
  std::vector<std::string> aliases;
  std::vector<std::string> env_vars;  // variables that may hold the key, in order
  std::vector<HeaderEntry> headers;
  QuirkEntries quirks;
  friend bool operator==(const ProviderEntry&, const ProviderEntry&) = default;
};

template <class Entry>
using BySlug = std::map<std::string, Entry, std::less<>>;

struct Settings {
  std::string data_dir = "data";
  LogLevel log_level = LogLevel::info;  // of the process log
  bool metrics = true;                  // GET /metrics
  ServerSettings server;
  UpstreamSettings upstream;
  RoutingSettings routing;
  RecordSettings logs;
  ResponseCacheSettings cache;
  std::vector<ApiKeyEntry> api_keys;
  BySlug<VirtualKeyEntry> virtual_keys;
  BySlug<ProviderEntry> providers;
  BySlug<SavedConfig> configs;
  /// Credentials that clients send when they have none: langroid's and the Portkey SDKs' defaults.
  std::vector<std::string> dummy_credentials = {"OPENAI_API_KEY", "PORTKEY_API_KEY", "DUMMY-KEY",
                                                "dummy", "xxx"};
  std::vector<std::string> headers_to_metadata;  // lower case

  std::string file;                 // where they were read from; empty: defaults alone
  std::optional<Secret> admin_key;  // GATEHOUSE_ADMIN_KEY: the first key of a new data folder
  friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace gatehouse::config
