// What can go wrong on the data plane, as a value. The table from code to HTTP status and OpenAI
// `error.type` stands in one file only: gateway/rescue.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/boxed.h"

namespace gatehouse {

/// Every kind of failure that a client can see. Closed: a new one is a new row in rescue.cc.
enum class ErrorCode : std::uint8_t {
  invalid_request,           // the request is malformed: syntax, types, framing
  invalid_config,            // x-portkey-config or another gateway header does not parse
  unauthorized,              // no gateway key, or one that is unknown or expired
  forbidden,                 // a known key without the scope
  missing_provider,          // nothing in the request says which provider to call
  invalid_provider,          // the provider named does not exist
  missing_provider_key,      // the provider needs a credential and none was given
  model_not_supported,       // the model is not one that the gateway or the provider knows
  not_found,                 // no such route or resource
  method_not_allowed,        //
  unsupported_media_type,    // content type that the endpoint does not take
  body_too_large,            // beyond the body limit
  head_too_large,            // beyond the header limits
  capability_not_supported,  // the provider has no such endpoint
  custom_host_blocked,       // SSRF rule
  // With `server.saved_only` a request may only name what the operator has saved. It held:
  inline_config_blocked,           // a config of its own
  inline_provider_blocked,         // a provider by its name
  inline_custom_host_blocked,      // a base URL
  inline_provider_url_blocked,     // an option that decides the host
  inline_forward_headers_blocked,  // fields to be sent on
  rate_limited,                    // our limit, or the provider's 429
  budget_exceeded,                 //
  guardrail_denied,                //
  request_timeout,      // the client was too slow, or the time given by the request ran out
  overloaded,           // a limit of the gateway itself: connections, memory
  upstream_connection,  // could not connect, DNS or TLS failed, reset before an answer
  upstream_status,      // the provider answered with an error status
  upstream_malformed,   // the provider's answer cannot be understood
  upstream_cut,         // the answer ended before its end
  client_gone,          // the client left; nobody sees this but the log
  store,                // a store failed
  internal,             // a bug
};

/// Who caused it.
enum class Origin : std::uint8_t { client, gateway, upstream, store };

/// What a provider said when it failed; kept so that status, request id and body reach the client.
struct UpstreamStatus {
  int status = 0;
  std::string provider;
  std::string body;  // as the provider sent it, decoded; capped by the reader
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> fields;  // header fields worth passing on
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  Origin origin = Origin::gateway;
  std::string message;  // says what was bad and how to repair it; never holds a secret
  std::string param;    // the field of the request it is about, or empty
  std::optional<std::chrono::milliseconds> retry_after;
  Boxed<UpstreamStatus> upstream;
};

/// The name of a code as it stands in logs: "invalid_request".
std::string_view name_of(ErrorCode code);
std::string_view name_of(Origin origin);

/// Shorthands for the two commonest origins.
inline Error client_error(ErrorCode code, std::string message, std::string param = {}) {
  return {code, Origin::client, std::move(message), std::move(param), {}, {}};
}
inline Error gateway_error(ErrorCode code, std::string message) {
  return {code, Origin::gateway, std::move(message), {}, {}, {}};
}
inline Error upstream_error(ErrorCode code, std::string message) {
  return {code, Origin::upstream, std::move(message), {}, {}, {}};
}

}  // namespace gatehouse
