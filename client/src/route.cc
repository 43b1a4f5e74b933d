#include "client/src/route.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace gatehouse::client {
namespace {

constexpr std::string_view kNoKey = "xxx";
constexpr std::string_view kOpenAi = "https://api.openai.com/v1";
constexpr std::string_view kUserAgent = "gatehouse-client/" GATEHOUSE_VERSION;
constexpr std::size_t kShortestSecret = 6;  // shorter ones would star out ordinary words

// Fields whose values are settings of the gateway and no secrets.
constexpr std::array<std::string_view, 12> kShown = {
    "x-portkey-provider", "x-portkey-trace-id", "x-portkey-metadata",
    "x-portkey-retry",    "x-portkey-cache",    "x-portkey-cache-force-refresh",
    "x-portkey-user",     "x-portkey-config",   "x-portkey-organization",
    "user-agent",         "content-type",       "accept-encoding"};

bool is_shown(std::string_view name) { return std::ranges::find(kShown, name) != kShown.end(); }

std::unexpected<Failure> refused(std::string text) {
  return std::unexpected(configuration_failure(std::move(text)));
}

struct Address {
  http::Endpoint endpoint;
  std::string origin;
  std::string authority;
  std::string path;
};

std::unexpected<Failure> refused_url(std::string_view what) {
  return refused("The address of the gateway " + std::string(what) +
                 ". Set PORTKEY_BASE_URL or PortkeyParams::base_url (OpenAIGPTConfig::api_base "
                 "without a gateway) to something like http://127.0.0.1:8787.");
}

Outcome<Address> parse_address(std::string_view url) {
  Address address;
  const bool is_http = starts_with_ignoring_case(url, "http://");
  if (!is_http && !starts_with_ignoring_case(url, "https://")) {
    return refused_url("must begin with http:// or https://");
  }
  address.endpoint.is_tls = !is_http;
  url.remove_prefix(is_http ? 7 : 8);
  const std::size_t end = std::min(url.find('/'), url.size());
  const std::string_view authority = url.substr(0, end);
  address.path = url.substr(end);
  while (address.path.ends_with('/')) address.path.pop_back();
  if (authority.find('@') != std::string_view::npos) {
    return refused_url("must not hold a user or a password");
  }
  if (address.path.find_first_of("?# ") != std::string::npos || has_control_byte(url)) {
    return refused_url("must end with its path: no query, no blanks");
  }
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && authority.back() != ']';
  const std::string_view host = has_port ? authority.substr(0, colon) : authority;
  if (host.empty()) return refused_url("names no host");
  address.endpoint.host = host.front() == '[' ? host.substr(1, host.size() - 2) : host;
  address.endpoint.port = is_http ? 80 : 443;
  if (has_port) {
    const auto port = parse_number<std::uint16_t>(authority.substr(colon + 1));
    if (!port || *port == 0) return refused_url("has a port that is no number from 1 to 65535");
    address.endpoint.port = *port;
  }
  address.authority = authority;
  address.origin = (is_http ? "http://" : "https://") + address.authority;
  return address;
}

std::string direct_base() {
  for (const std::string_view name : {"OPENAI_API_BASE", "OPENAI_BASE_URL"}) {
    if (std::string base = setting(name); !base.empty()) return base;
  }
  return std::string(kOpenAi);
}

std::string first_of(std::string first, std::string second) {
  return first.empty() ? std::move(second) : std::move(first);
}

void add_secret(Route& route, std::string_view value) {
  if (value.size() >= kShortestSecret) route.secrets.emplace_back(value);
}

/// The gateway of `portkey/...` models: address, headers, and the provider's key.
std::string prepare_gateway(const OpenAIGPTConfig& config, const std::string& model, Route& route) {
  PortkeyParams params = config.portkey_params;
  const ModelName name = PortkeyParams::parse_model_string(model);
  route.model = name.model;
  if (!name.provider.empty()) params.provider = name.provider;
  route.provider = params.provider;
  route.fields = params.get_headers();
  std::string key(trimmed(config.api_key));
  if (key.empty()) key = trimmed(PortkeyParams::get_provider_api_key(params.provider, kNoKey));
  const bool is_stored = !params.virtual_key.empty() || params.provider.starts_with('@');
  route.credential = key != kNoKey ? Credential::given
                     : is_stored   ? Credential::at_gateway
                                   : Credential::none;
  route.fields.try_emplace("authorization", "Bearer " + key);
  add_secret(route, key);
  add_secret(route, route.fields["x-portkey-api-key"]);
  if (route.fields["x-portkey-api-key"].empty()) route.fields.erase("x-portkey-api-key");
  return first_of(config.api_base, params.base_url + "/v1");
}

std::string prepare_direct(const OpenAIGPTConfig& config, const std::string& model, Route& route) {
  route.model = model;
  const std::string key(trimmed(first_of(config.api_key, setting("OPENAI_API_KEY"))));
  if (!key.empty()) {
    route.fields.try_emplace("authorization", "Bearer " + key);
    route.credential = Credential::given;
    add_secret(route, key);
  }
  return first_of(config.api_base, direct_base());
}

Outcome<void> check_fields(const Headers& fields) {
  for (const auto& [name, value] : fields) {
    if (!http::is_token(name)) {
      return refused("A header cannot be called '" + name +
                     "': only letters, digits, '-' and a few signs may stand in its name.");
    }
    if (has_control_byte(value)) {
      return refused("The value of the header '" + name +
                     "' holds a line break or another control character.");
    }
  }
  return {};
}

}  // namespace

Outcome<Route> make_route(const OpenAIGPTConfig& config, const std::string& model) {
  Route route;
  route.fields["content-type"] = "application/json";
  const bool is_gateway = model.starts_with("portkey/");
  const std::string base =
      is_gateway ? prepare_gateway(config, model, route) : prepare_direct(config, model, route);
  if (route.model.empty()) {
    return refused("The model '" + model + "' is not of the form portkey/provider/model.");
  }
  for (const auto& [name, value] : config.headers) route.fields[lowered(name)] = value;
  route.fields.insert_or_assign("content-type", "application/json");
  route.fields.insert_or_assign("accept-encoding", "identity");
  route.fields.try_emplace("user-agent", kUserAgent);
  if (auto checked = check_fields(route.fields); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  Outcome<Address> address = parse_address(base);
  if (!address) return std::unexpected(std::move(address.error()));
  route.endpoint = std::move(address->endpoint);
  route.origin = std::move(address->origin);
  route.base_path = std::move(address->path);
  for (const auto& [name, value] : route.fields) {
    if (!is_shown(name)) add_secret(route, value);
  }
  return route;
}

Outcome<http::FieldLines> field_lines(const Route& route, const std::string& trace_id) {
  if (has_control_byte(trace_id)) {
    return refused("The trace id holds a line break or another control character.");
  }
  http::FieldLines lines;
  for (const auto& [name, value] : route.fields) {
    const bool is_replaced = name == "x-portkey-trace-id" && !trace_id.empty();
    if (!is_replaced) lines.add(name, value);
  }
  if (!trace_id.empty()) lines.add("x-portkey-trace-id", trace_id);
  return lines;
}

std::string without_secrets(const Route& route, std::string text) {
  for (const std::string& secret : route.secrets) {
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
      text.replace(at, secret.size(), "***");
    }
  }
  return text;
}

std::string shown_fields(const Route& route) {
  std::string text;
  for (const auto& [name, value] : route.fields) {
    text += text.empty() ? "" : ", ";
    text += name + ": " + (is_shown(name) ? value : "***");
  }
  return without_secrets(route, std::move(text));
}

}  // namespace gatehouse::client
