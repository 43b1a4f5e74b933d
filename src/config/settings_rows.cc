#include "config/settings_rows.h"

#include <algorithm>

#include "config/formats.h"
#include "config/json_text.h"
#include "config/plan/saved_configs.h"

namespace gatehouse::config {

template <>
struct EnumNames<AuthMode> {
  static constexpr std::pair<std::string_view, AuthMode> kNames[] = {
      {"required", AuthMode::required}, {"optional", AuthMode::optional}};
};

template <>
struct EnumNames<LogLevel> {
  static constexpr std::pair<std::string_view, LogLevel> kNames[] = {
      {"trace", LogLevel::trace}, {"debug", LogLevel::debug}, {"info", LogLevel::info},
      {"warn", LogLevel::warn},   {"error", LogLevel::error}, {"off", LogLevel::off}};
};

template <>
struct EnumNames<AddressChoice> {
  static constexpr std::pair<std::string_view, AddressChoice> kNames[] = {
      {"any", AddressChoice::any},
      {"ipv4_first", AddressChoice::ipv4_first},
      {"ipv6_first", AddressChoice::ipv6_first},
      {"ipv4_only", AddressChoice::ipv4_only},
      {"ipv6_only", AddressChoice::ipv6_only}};
};

template <>
struct EnumNames<exchange::CacheMode> {
  static constexpr std::pair<std::string_view, exchange::CacheMode> kNames[] = {
      {"none", exchange::CacheMode::none},
      {"simple", exchange::CacheMode::simple},
      {"semantic", exchange::CacheMode::semantic}};
};

// The words of auth/gateway_key.h, which this room may not include.
template <>
struct EnumNames<exchange::Scope> {
  static constexpr std::pair<std::string_view, exchange::Scope> kNames[] = {
      {"completions.write", exchange::Scope::completions_write},
      {"logs.list", exchange::Scope::logs_list},
      {"logs.view", exchange::Scope::logs_view},
      {"admin", exchange::Scope::admin}};
};

namespace {

// Words that other rooms own: they read them, this table only knows which there are.
constexpr std::string_view kDeveloperRoles[] = {"system", "developer"};
constexpr std::string_view kDialects[] = {"openai_chat", "openai_responses", "anthropic_messages",
                                          "gemini",      "bedrock_converse", "cohere",
                                          "none"};

using Text = Scalar<TextFormat>;
using Texts = ListOf<Text>;
using HeaderNames = ListOf<Scalar<HeaderNameFormat>>;
using Headers = NamedValues<HeaderEntry, HeaderNameFormat, Scalar<SecretFormat>>;
using NamedSecrets = NamedValues<HeaderEntry, TextFormat, Scalar<SecretTextFormat>>;
using NamedTexts = NamedValues<NamedText, TextFormat, Text>;
using NamedJson = NamedValues<NamedText, TextFormat, JsonText>;
using Switch = Scalar<SwitchFormat>;
using File = Scalar<FileFormat>;
using Url = Scalar<BaseUrlFormat>;
using Timeout = Scalar<DurationFormat<Zero::refused>>;
using TimeoutOrOff = Scalar<DurationFormat<Zero::means_off>>;
template <std::uint32_t Least, std::uint32_t Most>
using Count = Scalar<CountFormat<Least, Most>>;
template <std::uint64_t Least>
using Size = Scalar<SizeFormat<Least>>;

constexpr KeyRow<Settings> kSettings[] = {
    key<&Settings::data_dir, Text>("data_dir"),
    key<&Settings::log_level, Scalar<EnumFormat<LogLevel>>>("log_level"),
    key<&Settings::metrics, Switch>("metrics"),
    key<&Settings::server, SectionOf<ServerSettings>>("server"),
    key<&Settings::upstream, SectionOf<UpstreamSettings>>("upstream"),
    key<&Settings::routing, SectionOf<RoutingSettings>>("routing"),
    key<&Settings::logs, SectionOf<RecordSettings>>("logs"),
    key<&Settings::cache, SectionOf<ResponseCacheSettings>>("cache"),
    key<&Settings::api_keys, ListOf<SectionOf<ApiKeyEntry>>>("api_keys"),
    key<&Settings::virtual_keys, BySlugOf<VirtualKeyEntry>>("virtual_keys"),
    key<&Settings::providers, BySlugOf<ProviderEntry>>("providers"),
    key<&Settings::configs, SavedConfigs>("configs"),
    key<&Settings::dummy_credentials, Texts>("dummy_credentials"),
    key<&Settings::headers_to_metadata, HeaderNames>("headers_to_metadata"),
};

constexpr KeyRow<ServerSettings> kServer[] = {
    key<&ServerSettings::listen, ListOf<Scalar<ListenFormat>>>("listen"),
    key<&ServerSettings::threads, Count<0, 1024>>("threads"),
    key<&ServerSettings::auth, Scalar<EnumFormat<AuthMode>>>("auth"),
    key<&ServerSettings::saved_only, Switch>("saved_only"),
    key<&ServerSettings::max_head_bytes, Size<1024>>("max_head_bytes"),
    key<&ServerSettings::max_headers, Count<8, 10'000>>("max_headers"),
    key<&ServerSettings::max_body_bytes, Size<1024>>("max_body_bytes"),
    key<&ServerSettings::max_connections, Count<1, 10'000'000>>("max_connections"),
    key<&ServerSettings::header_timeout, Timeout>("header_timeout"),
    key<&ServerSettings::body_timeout, Timeout>("body_timeout"),
    key<&ServerSettings::idle_timeout, Timeout>("idle_timeout"),
    key<&ServerSettings::write_timeout, Timeout>("write_timeout"),
    key<&ServerSettings::drain_timeout, TimeoutOrOff>("drain_timeout"),
    key<&ServerSettings::trust_forwarded, ListOf<Scalar<IpRangeFormat>>>("trust_forwarded"),
    key<&ServerSettings::cors, SectionOf<CorsSettings>>("cors"),
    key<&ServerSettings::tls, SectionOf<TlsSettings>>("tls"),
};

constexpr KeyRow<CorsSettings> kCors[] = {
    key<&CorsSettings::origins, Texts>("origins"),
    key<&CorsSettings::headers, Texts>("headers"),
    key<&CorsSettings::max_age, TimeoutOrOff>("max_age"),
};

constexpr KeyRow<TlsSettings> kTls[] = {
    key<&TlsSettings::cert_file, File>("cert_file"),
    key<&TlsSettings::key_file, File>("key_file"),
};

constexpr KeyRow<UpstreamSettings> kUpstream[] = {
    key<&UpstreamSettings::connect_timeout, Timeout>("connect_timeout"),
    key<&UpstreamSettings::first_byte_timeout, Timeout>("first_byte_timeout"),
    key<&UpstreamSettings::idle_timeout, Timeout>("idle_timeout"),
    key<&UpstreamSettings::total_timeout, TimeoutOrOff>("total_timeout"),
    key<&UpstreamSettings::keepalive_idle, TimeoutOrOff>("keepalive_idle"),
    key<&UpstreamSettings::max_idle_per_host, Count<0, 100'000>>("max_idle_per_host"),
    key<&UpstreamSettings::max_concurrency, Count<0, 1'000'000>>("max_concurrency"),
    key<&UpstreamSettings::max_queue, Count<0, 10'000'000>>("max_queue"),
    key<&UpstreamSettings::queue_timeout, Timeout>("queue_timeout"),
    key<&UpstreamSettings::ca_file, File>("ca_file"),
    key<&UpstreamSettings::resolve, Scalar<EnumFormat<AddressChoice>>>("resolve"),
    key<&UpstreamSettings::trusted_custom_hosts, Optional<ListOf<Scalar<TrustedHostFormat>>>>(
        "trusted_custom_hosts"),
};

constexpr KeyRow<RoutingSettings> kRouting[] = {
    key<&RoutingSettings::first_token_timeout, TimeoutOrOff>("first_token_timeout"),
    key<&RoutingSettings::stall_timeout, TimeoutOrOff>("stall_timeout"),
    key<&RoutingSettings::recover_streams, Switch>("recover_streams"),
    key<&RoutingSettings::retry_share, Count<0, 100>>("retry_share"),
    key<&RoutingSettings::retries_per_second, Count<0, 1'000'000>>("retries_per_second"),
};

constexpr KeyRow<RecordSettings> kRecord[] = {
    key<&RecordSettings::enabled, Switch>("enabled"),
    key<&RecordSettings::bodies, Switch>("bodies"),
    key<&RecordSettings::max_body_bytes, Size<0>>("max_body_bytes"),
    key<&RecordSettings::max_body_rate, Size<0>>("max_body_rate"),
    key<&RecordSettings::headers, HeaderNames>("headers"),
    key<&RecordSettings::retention_days, Count<0, 36'500>>("retention_days"),
    key<&RecordSettings::max_bytes, Size<0>>("max_bytes"),
};

constexpr KeyRow<ResponseCacheSettings> kCache[] = {
    key<&ResponseCacheSettings::enabled, Switch>("enabled"),
    key<&ResponseCacheSettings::mode, Scalar<EnumFormat<exchange::CacheMode>>>("mode"),
    key<&ResponseCacheSettings::max_age, Timeout>("max_age"),
    key<&ResponseCacheSettings::longest_max_age, Timeout>("longest_max_age"),
    key<&ResponseCacheSettings::memory_bytes, Size<kMiB>>("memory_bytes"),
    key<&ResponseCacheSettings::disk_bytes, Size<0>>("disk_bytes"),
    key<&ResponseCacheSettings::max_entry_bytes, Size<1024>>("max_entry_bytes"),
    key<&ResponseCacheSettings::coalesce_wait, TimeoutOrOff>("coalesce_wait"),
    key<&ResponseCacheSettings::semantic, SectionOf<SemanticCacheSettings>>("semantic"),
};

constexpr KeyRow<SemanticCacheSettings> kSemanticCache[] = {
    key<&SemanticCacheSettings::provider, Text>("provider"),
    key<&SemanticCacheSettings::model, Text>("model"),
    key<&SemanticCacheSettings::dimensions, Count<0, 8192>>("dimensions"),
    key<&SemanticCacheSettings::threshold, Scalar<FractionFormat>>("threshold"),
    key<&SemanticCacheSettings::timeout, Timeout>("timeout"),
    key<&SemanticCacheSettings::memory_bytes, Size<kMiB>>("memory_bytes"),
};

constexpr KeyRow<ApiKeyEntry> kApiKey[] = {
    key<&ApiKeyEntry::name, Text>("name"),
    key<&ApiKeyEntry::key, Scalar<SecretFormat>>("key"),
    key<&ApiKeyEntry::hash, Scalar<Sha256Format>>("hash"),
    key<&ApiKeyEntry::scopes, ListOf<Scalar<EnumFormat<exchange::Scope>>>>("scopes"),
    key<&ApiKeyEntry::config, Text>("config"),
};

constexpr KeyRow<VirtualKeyEntry> kVirtualKey[] = {
    key<&VirtualKeyEntry::provider, Text>("provider"),
    key<&VirtualKeyEntry::api_key, Scalar<SecretFormat>>("api_key"),
    key<&VirtualKeyEntry::base_url, Url>("base_url"),
    key_alias<&VirtualKeyEntry::base_url, Url>("custom_host"),
    key<&VirtualKeyEntry::headers, Headers>("headers"),
    key<&VirtualKeyEntry::options, NamedSecrets>("options"),
};

constexpr KeyRow<ProviderEntry> kProvider[] = {
    key<&ProviderEntry::name, Text>("name"),
    key<&ProviderEntry::base_url, Url>("base_url"),
    key<&ProviderEntry::dialect, Scalar<WordFormat<kDialects>>>("dialect"),
    key<&ProviderEntry::auth, Scalar<AuthTemplateFormat>>("auth"),
    key<&ProviderEntry::aliases, Texts>("aliases"),
    key<&ProviderEntry::env_vars, Texts>("env_vars"),
    key<&ProviderEntry::headers, Headers>("headers"),
    key<&ProviderEntry::quirks, SectionOf<QuirkEntries>>("quirks"),
};

constexpr KeyRow<QuirkEntries> kQuirks[] = {
    key<&QuirkEntries::drop, Texts>("drop"),
    key<&QuirkEntries::drop_in_messages, Texts>("drop_in_messages"),
    key<&QuirkEntries::rename, NamedTexts>("rename"),
    key<&QuirkEntries::defaults, NamedJson>("defaults"),
    key<&QuirkEntries::developer_role, Scalar<WordFormat<kDeveloperRoles>>>("developer_role"),
    key<&QuirkEntries::stream_usage, Optional<Switch>>("stream_usage"),
};

}  // namespace

template <>
std::span<const KeyRow<Settings>> rows_of() {
  return kSettings;
}
template <>
std::span<const KeyRow<ServerSettings>> rows_of() {
  return kServer;
}
template <>
std::span<const KeyRow<CorsSettings>> rows_of() {
  return kCors;
}
template <>
std::span<const KeyRow<TlsSettings>> rows_of() {
  return kTls;
}
template <>
std::span<const KeyRow<UpstreamSettings>> rows_of() {
  return kUpstream;
}
template <>
std::span<const KeyRow<RoutingSettings>> rows_of() {
  return kRouting;
}
template <>
std::span<const KeyRow<RecordSettings>> rows_of() {
  return kRecord;
}
template <>
std::span<const KeyRow<ResponseCacheSettings>> rows_of() {
  return kCache;
}
template <>
std::span<const KeyRow<SemanticCacheSettings>> rows_of() {
  return kSemanticCache;
}
template <>
std::span<const KeyRow<ApiKeyEntry>> rows_of() {
  return kApiKey;
}
template <>
std::span<const KeyRow<VirtualKeyEntry>> rows_of() {
  return kVirtualKey;
}
template <>
std::span<const KeyRow<ProviderEntry>> rows_of() {
  return kProvider;
}
template <>
std::span<const KeyRow<QuirkEntries>> rows_of() {
  return kQuirks;
}

}  // namespace gatehouse::config
