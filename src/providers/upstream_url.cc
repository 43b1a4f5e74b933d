#include "providers/upstream_url.h"

#include <algorithm>
#include <optional>

#include "providers/url_template.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kVersion = "/v1";

std::unexpected<Failure> missing_base(const ProviderRow& row) {
  std::string message = "Provider '" + std::string(row.id) +
                        "' has no address of its own: send x-portkey-custom-host";
  if (!row.base_option.empty()) message += " or x-portkey-" + std::string(row.base_option);
  message += ", or set providers." + std::string(row.id) + ".base_url in gatehouse.yaml.";
  return fail(
      client_error(ErrorCode::invalid_request, std::move(message), "x-portkey-custom-host"));
}

std::unexpected<Failure> gap_error(const ProviderRow& row, const TemplateGap& gap) {
  const std::string header = "x-portkey-" + std::string(gap.option);
  std::string message = "Provider '" + std::string(row.id) + "' needs ";
  message += gap.option == "model" ? std::string("a model") : "the header " + header;
  if (gap.option != "model") message += " (`" + config_field_of(gap.option) + "` in a config)";
  message += gap.value.empty() ? "." : ": the value given may not stand there.";
  return fail(client_error(ErrorCode::invalid_request, std::move(message), header));
}

bool has_placeholder(std::string_view text) { return text.find('{') != std::string_view::npos; }

/// Scheme, host and port of the result, and the base path as the start of its target.
Result<void> start_url(const ProviderRow& row, const BaseUrl& base, const TemplateValues& values,
                       UpstreamUrl& url) {
  url.scheme = base.scheme;
  url.port = base.port;
  url.target.reserve(base.path.size() + values.path.size() + 32);
  if (!has_placeholder(base.text)) {
    url.host.append(base.host);
    url.target.append(base.path);
    return {};
  }
  TemplateGap gap;
  if (!fill_template(base.host, Place::host, values, url.host, gap)) return gap_error(row, gap);
  if (!fill_template(base.path, Place::path, values, url.target, gap)) return gap_error(row, gap);
  return {};
}

/// People write a custom host with its version and without, and some paths bring a version of their
/// own: it shall not stand there twice.
std::string_view without_repeated_version(std::string_view base_path, std::string_view path) {
  const bool repeats = base_path.ends_with(kVersion) && path.starts_with(kVersion) &&
                       (path.size() == kVersion.size() || path[kVersion.size()] == '/');
  return repeats ? path.substr(kVersion.size()) : path;
}

void append_query(std::string& target, std::string_view query) {
  if (query.empty()) return;
  target += target.find('?') == std::string::npos ? '?' : '&';
  target += query;
}

/// The path and query of the first rule that fits. Error: the only rules that fit lack an option.
Result<void> append_by_rule(const ProviderRow& row, const EndpointCall& call,
                            const TemplateValues& values, std::string& target) {
  TemplateGap gap;
  bool has_gap = false;
  for (const PathRule& rule : row.paths) {
    std::string path;
    std::string query;
    if (!rule.covers.has(call.capability)) continue;
    has_gap = true;
    if (!fill_template(rule.path, Place::path, values, path, gap)) continue;
    if (!fill_template(rule.query, Place::query, values, query, gap)) continue;
    target += without_repeated_version(target, path);
    append_query(target, query);
    return {};
  }
  if (has_gap) return gap_error(row, gap);
  target += without_repeated_version(target, call.path);
  return {};
}

Result<void> append_by_family(const ProviderRow& row, const EndpointCall& call,
                              const TemplateValues& values, std::string& target) {
  const ModelFamily& family = *call.family;
  const bool is_other = call.delivery == Delivery::streamed && !family.stream_path.empty();
  std::string path;
  TemplateGap gap;
  if (!fill_template(is_other ? family.stream_path : family.path, Place::path, values, path, gap)) {
    return gap_error(row, gap);
  }
  target += without_repeated_version(target, path);
  return {};
}

const BaseUrl& base_of(const ProviderRow& row, const Options& options) {
  for (const BaseVariant& variant : row.base_variants) {
    if (options.find(variant.option) == variant.value) return variant.base;
  }
  return row.base;
}

std::string_view without_gateway_prefix(std::string_view path) {
  for (const std::string_view prefix : {std::string_view("/v1/proxy"), kVersion}) {
    if (path == prefix) return {};
    if (path.starts_with(prefix) && path[prefix.size()] == '/') return path.substr(prefix.size());
  }
  return path;
}

/// "/me.openai.azure.com/openai/models" for a row that allows such hosts in a path.
std::optional<UpstreamUrl> url_in_path(const ProviderRow& row, std::string_view path) {
  if (row.proxy_host_suffix.empty() || !path.starts_with('/')) return std::nullopt;
  const std::size_t end = std::min(path.find('/', 1), path.size());
  const std::string_view host = path.substr(1, end - 1);
  if (!host.ends_with(row.proxy_host_suffix) || !is_host_value(host)) return std::nullopt;
  UpstreamUrl url;
  url.host = host;
  url.target = end == path.size() ? "/" : path.substr(end);
  return url;
}

}  // namespace

Result<void> endpoint_url(const ProviderRow& row, const EndpointCall& call, const Options& options,
                          BaseOverride base, UpstreamUrl& url) {
  const BaseUrl& start = base != nullptr ? *base : base_of(row, options);
  if (start.is_empty()) return missing_base(row);
  const TemplateValues values{options, call.path, call.model};
  if (Result<void> started = start_url(row, start, values, url); !started) return started;
  const bool has_own_path = call.family != nullptr && !call.family->path.empty();
  Result<void> appended = has_own_path ? append_by_family(row, call, values, url.target)
                                       : append_by_rule(row, call, values, url.target);
  if (appended) append_query(url.target, call.query);
  return appended;
}

Result<UpstreamUrl> endpoint_url(const ProviderRow& row, const EndpointCall& call,
                                 const Options& options, BaseOverride base) {
  Result<UpstreamUrl> url{std::in_place};
  Result<void> made = endpoint_url(row, call, options, base, *url);
  if (!made) url = std::unexpected(std::move(made.error()));
  return url;
}

Result<UpstreamUrl> proxy_url(const ProviderRow& row, const ProxyCall& call, const Options& options,
                              BaseOverride base) {
  const std::string_view path = without_gateway_prefix(call.path);
  if (std::optional<UpstreamUrl> named = url_in_path(row, path)) {
    append_query(named->target, call.query);
    return *std::move(named);
  }
  const BaseUrl& start = base != nullptr ? *base : base_of(row, options);
  if (start.is_empty()) return missing_base(row);
  Result<UpstreamUrl> url{std::in_place};
  if (Result<void> started = start_url(row, start, {options, path, {}}, *url); !started) {
    return fail(std::move(started.error()));
  }
  url->target += without_repeated_version(url->target, path);
  if (url->target.empty()) url->target = "/";
  append_query(url->target, call.query);
  return url;
}

bool proxy_path_names_host(const ProviderRow& row, std::string_view path) {
  return url_in_path(row, without_gateway_prefix(path)).has_value();
}

std::string requested_base(const ProviderRow& row, const Options& options) {
  const std::string_view said =
      row.base_option.empty() ? std::string_view{} : options.find(row.base_option);
  if (said.empty()) return {};
  const bool has_scheme = said.find("://") != std::string_view::npos;
  return (has_scheme ? "" : "https://") + std::string(said) + std::string(row.base_option_path);
}

}  // namespace gatehouse::providers
