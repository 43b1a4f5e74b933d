#include "gatehouse/portkey_params.h"

#include "base/random.h"
#include "base/text.h"
#include "client/src/header_json.h"
#include "client/src/raise.h"
#include "json/value.h"

namespace gatehouse::client {
namespace {

constexpr std::string_view kDefaultBaseUrl = "https://api.portkey.ai";
constexpr std::string_view kPrefix = "portkey/";
constexpr std::string_view kNoKey = "xxx";  // langroid's dummy

[[noreturn]] void refuse(std::string_view name, std::string_view what) {
  raise(configuration_failure(std::string(name) + " must be " + std::string(what) + "."));
}

/// The JSON object in a variable, or nothing if the variable is empty.
std::optional<json::Object> object_setting(std::string_view name, std::string_view what) {
  const std::string text = setting(name);
  if (text.empty()) return std::nullopt;
  Result<json::Value> value = json::parse(text);
  if (!value || !value->is_object()) refuse(name, what);
  return std::move(value->get_object());
}

MetadataValue metadata_value(const json::Value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64()) return value.get_int64();
  if (value.is_double()) return value.get_double();
  if (value.is_bool()) return value.get_bool();
  return json::serialize(value);
}

template <class T>
std::optional<T> member(const json::Object& object, std::string_view key) {
  const json::Value* value = json::find(object, key);
  if (value == nullptr) return std::nullopt;
  if constexpr (std::is_same_v<T, bool>) {
    if (value->is_bool()) return value->get_bool();
  } else if constexpr (std::is_same_v<T, int>) {
    if (value->is_int64()) return static_cast<int>(value->get_int64());
  } else {
    if (value->is_string()) return std::string(value->get_string());
  }
  return std::nullopt;
}

std::string variable_name(std::string_view provider) {
  std::string name;
  for (const char c : provider) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_digit = c >= '0' && c <= '9';
    if (is_letter) name += static_cast<char>(c & ~0x20);
    if (!is_letter) name += is_digit ? c : '_';
  }
  return name;
}

void set_if_any(Headers& headers, std::string_view name, std::string value) {
  if (!value.empty()) headers.insert_or_assign(std::string(name), std::move(value));
}

std::string gateway_key(const std::string& given) {
  return !given.empty() && given != kNoKey ? given : setting("PORTKEY_API_KEY");
}

}  // namespace

namespace defaults {

Metadata metadata() {
  const auto object = object_setting("PORTKEY_METADATA", "a JSON object such as {\"app\": \"x\"}");
  Metadata metadata;
  if (!object) return metadata;
  for (const auto& each : *object) {
    metadata.emplace_back(std::string(each.key()), metadata_value(each.value()));
  }
  return metadata;
}

std::optional<RetryParams> retry() {
  const auto object = object_setting("PORTKEY_RETRY", "a JSON object such as {\"max_retries\": 3}");
  if (!object) return std::nullopt;
  return RetryParams{member<int>(*object, "max_retries"), member<std::string>(*object, "backoff"),
                     member<bool>(*object, "jitter")};
}

std::optional<CacheParams> cache() {
  const auto object = object_setting("PORTKEY_CACHE", "a JSON object such as {\"enabled\": true}");
  if (!object) return std::nullopt;
  return CacheParams{member<bool>(*object, "enabled"), member<int>(*object, "ttl"),
                     member<std::string>(*object, "namespace")};
}

std::optional<bool> cache_force_refresh() {
  const std::string text = lowered(setting("PORTKEY_CACHE_FORCE_REFRESH"));
  if (text.empty()) return std::nullopt;
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  refuse("PORTKEY_CACHE_FORCE_REFRESH", "true or false");
}

Headers custom_headers() {
  constexpr std::string_view kWhat = "a JSON object of texts such as {\"x-team\": \"blue\"}";
  const auto object = object_setting("PORTKEY_CUSTOM_HEADERS", kWhat);
  Headers headers;
  if (!object) return headers;
  for (const auto& each : *object) {
    if (!each.value().is_string()) refuse("PORTKEY_CUSTOM_HEADERS", kWhat);
    headers.emplace(each.key(), std::string(each.value().get_string()));
  }
  return headers;
}

std::string base_url() {
  std::string url = setting("PORTKEY_BASE_URL");
  return url.empty() ? std::string(kDefaultBaseUrl) : url;
}

}  // namespace defaults

std::string make_trace_id() {
  constexpr std::string_view kHex = "0123456789abcdef";
  FastRandom random;
  std::string id = "trace-";
  for (std::uint64_t bits = random.bits(), i = 0; i < 16; ++i, bits >>= 4U) id += kHex[bits & 0xFU];
  return id;
}

Headers PortkeyParams::get_headers() const {
  Headers headers;
  set_if_any(headers, "x-portkey-api-key", gateway_key(api_key));
  set_if_any(headers, "x-portkey-provider", provider);
  set_if_any(headers, "x-portkey-virtual-key", virtual_key);
  set_if_any(headers, "x-portkey-trace-id", trace_id);
  set_if_any(headers, "x-portkey-metadata", header_json(metadata));
  if (retry) set_if_any(headers, "x-portkey-retry", header_json(*retry));
  if (cache) set_if_any(headers, "x-portkey-cache", header_json(*cache));
  if (cache_force_refresh) {
    headers["x-portkey-cache-force-refresh"] = *cache_force_refresh ? "true" : "false";
  }
  set_if_any(headers, "x-portkey-user", user);
  set_if_any(headers, "x-portkey-organization", organization);
  for (const auto& [name, value] : custom_headers) headers.insert_or_assign(lowered(name), value);
  return headers;
}

ModelName PortkeyParams::parse_model_string(std::string_view model) {
  if (!model.starts_with(kPrefix)) return {{}, std::string(model)};
  const std::string_view rest = model.substr(kPrefix.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return {{}, std::string(rest)};
  return {std::string(rest.substr(0, slash)), std::string(rest.substr(slash + 1))};
}

std::string PortkeyParams::get_provider_api_key(std::string_view provider,
                                                std::string_view otherwise) {
  const std::string name = variable_name(provider);
  for (const std::string_view ending : {"_API_KEY", "_KEY"}) {
    std::string key = name.empty() ? std::string() : setting(name + std::string(ending));
    if (!key.empty()) return key;
  }
  return std::string(otherwise);
}

}  // namespace gatehouse::client
