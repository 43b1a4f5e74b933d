// What a request says to a Portkey-compatible gateway beside the chat itself. The names are those
// of the gateway's headers (Portkey documentation, "Headers") and of langroid's PortkeyParams.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gatehouse/environment.h"
#include "gatehouse/export.h"

namespace gatehouse::client {

/// Header fields by name. Names are compared without case when they are sent (RFC 9110, 5.1).
using Headers = std::map<std::string, std::string>;

/// One value of the metadata: text, a whole number, a number, or true and false.
using MetadataValue = std::variant<std::string, std::int64_t, double, bool>;

/// Names and values that are kept in the gateway's record; sent in this order.
using Metadata = std::vector<std::pair<std::string, MetadataValue>>;

/// How the gateway shall repeat a request that failed (`x-portkey-retry`). What is absent is not
/// sent, and the gateway's default holds.
struct RetryParams {
  /// Further tries after the first. A gateway may bound it (Gatehouse: 5).
  std::optional<int> max_retries{};
  /// "exponential" or "linear": how the waiting time grows.
  std::optional<std::string> backoff{};
  /// Whether the waiting time is varied by chance.
  std::optional<bool> jitter{};
};

/// How the gateway shall cache the answer (`x-portkey-cache`). What is absent is not sent.
struct CacheParams {
  /// Whether answers are looked up and kept.
  std::optional<bool> enabled{};
  /// How long an answer is good for, in seconds.
  std::optional<int> ttl{};
  /// Answers are only found again within their namespace (the header's member `namespace`).
  std::optional<std::string> name_space{};
};

/// Defaults from the environment. Error: ConfigurationError for a value that is not of the type.
namespace defaults {
/// `PORTKEY_METADATA`, a JSON object; empty if it is not set.
GATEHOUSE_CLIENT_API Metadata metadata();
/// `PORTKEY_RETRY`, a JSON object with the members of RetryParams.
GATEHOUSE_CLIENT_API std::optional<RetryParams> retry();
/// `PORTKEY_CACHE`, a JSON object with `enabled`, `ttl` and `namespace`.
GATEHOUSE_CLIENT_API std::optional<CacheParams> cache();
/// `PORTKEY_CACHE_FORCE_REFRESH`: true or false.
GATEHOUSE_CLIENT_API std::optional<bool> cache_force_refresh();
/// `PORTKEY_CUSTOM_HEADERS`, a JSON object of texts; empty if it is not set.
GATEHOUSE_CLIENT_API Headers custom_headers();
/// `PORTKEY_BASE_URL`, or https://api.portkey.ai.
GATEHOUSE_CLIENT_API std::string base_url();
}  // namespace defaults

/// A new name for a chain of requests: `trace-` and 16 random hexadecimal digits. Thread-safe.
GATEHOUSE_CLIENT_API std::string make_trace_id();

/// What a model string names.
struct ModelName {
  /// Empty if the string names no provider.
  std::string provider{};
  /// As the provider names it.
  std::string model{};
};

/// The parameters of a gateway. A member that is not given has its default from the environment
/// variable `PORTKEY_<MEMBER>`, or from `.env`; an empty one is not sent. Plain data: copy it
/// freely.
struct PortkeyParams {
  /// The gateway key. `xxx` counts as none, as in langroid.
  std::string api_key = setting("PORTKEY_API_KEY");
  /// The provider: `openai`, `anthropic`, or `@slug` of a stored one. A model string
  /// `portkey/provider/model` wins.
  std::string provider = setting("PORTKEY_PROVIDER");
  /// The slug of a credential that is kept at the gateway.
  std::string virtual_key = setting("PORTKEY_VIRTUAL_KEY");
  /// The caller's name for a chain of requests; the gateway makes one up if it is empty.
  std::string trace_id = setting("PORTKEY_TRACE_ID");
  /// Kept in the gateway's record, to filter and to count by.
  Metadata metadata = defaults::metadata();
  /// Retries by the gateway. (Retries of this library: OpenAIGPTConfig::connection_retries.)
  std::optional<RetryParams> retry = defaults::retry();
  /// Caching by the gateway.
  std::optional<CacheParams> cache = defaults::cache();
  /// True: ask the provider anew, and keep that answer in the cache.
  std::optional<bool> cache_force_refresh = defaults::cache_force_refresh();
  /// Who asks, for the record.
  std::string user = setting("PORTKEY_USER");
  /// On whose behalf, for the record.
  std::string organization = setting("PORTKEY_ORGANIZATION");
  /// Further header fields. One that has the name of another header takes its place.
  Headers custom_headers = defaults::custom_headers();
  /// Where the gateway is, without `/v1`: `http://127.0.0.1:8787`. Default https://api.portkey.ai.
  std::string base_url = defaults::base_url();

  /// The header fields that these parameters mean, by lower-case name. JSON in them is ASCII.
  GATEHOUSE_CLIENT_API Headers get_headers() const;

  /// `portkey/provider/model` in its parts; the model may hold slashes. Without a provider
  /// (`portkey/model`, or any other string) the provider is empty.
  GATEHOUSE_CLIENT_API static ModelName parse_model_string(std::string_view model);

  /// The provider's own key from `<PROVIDER>_API_KEY` or `<PROVIDER>_KEY`, in upper case and with
  /// `_` for any other sign; `otherwise` if neither is set.
  GATEHOUSE_CLIENT_API static std::string get_provider_api_key(std::string_view provider,
                                                               std::string_view otherwise = "xxx");
};

}  // namespace gatehouse::client
