// Where a request goes: the URL of an endpoint of a provider.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/url.h"
#include "providers/options.h"
#include "providers/provider_row.h"

namespace gatehouse::providers {

using UpstreamUrl = Url;

/// Whether the answer is to come as a stream: a few providers have a path of its own for that.
enum class Delivery : std::uint8_t { whole, streamed };

/// Which endpoint is meant.
struct EndpointCall {
  Capability capability = Capability::chat;
  std::string_view path;   // behind the version: "/chat/completions", "/files/file-1/content"
  std::string_view query;  // of the client, without '?'
  std::string_view model;  // as it goes upstream
  const ModelFamily* family = nullptr;
  Delivery delivery = Delivery::whole;
};

/// Whose address to use instead of the row's, if any: a custom host that passed its checks, or the
/// base URL of a stored credential.
using BaseOverride = const BaseUrl*;

/// Error: invalid_request naming the header that is missing or wrong. Thread-safe, no I/O.
Result<UpstreamUrl> endpoint_url(const ProviderRow& row, const EndpointCall& call,
                                 const Options& options, BaseOverride base = nullptr);
/// The same into a URL that is empty as yet.
Result<void> endpoint_url(const ProviderRow& row, const EndpointCall& call, const Options& options,
                          BaseOverride base, UpstreamUrl& url);

/// What was asked of the gateway, to be passed through unchanged.
struct ProxyCall {
  std::string_view path;   // as the client sent it: "/v1/proxy/vector_stores", "/v1/ocr"
  std::string_view query;  // without '?'
};

/// The same for a request that is passed through: the incoming path without `/v1/proxy`, or else
/// without
/// `/v1`, behind the base URL.
Result<UpstreamUrl> proxy_url(const ProviderRow& row, const ProxyCall& call, const Options& options,
                              BaseOverride base = nullptr);

/// Whether the incoming path names a host of its own (ProviderRow::proxy_host_suffix).
bool proxy_path_names_host(const ProviderRow& row, std::string_view path);

/// The base URL that the request itself names by an option of this provider, such as
/// x-portkey-azure-foundry-url; empty if there is none. Treat it as a custom host: check it, then
/// pass it as the override.
std::string requested_base(const ProviderRow& row, const Options& options);

}  // namespace gatehouse::providers
