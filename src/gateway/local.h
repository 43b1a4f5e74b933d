// The few routes that the gateway answers itself: health, metrics, its own records, its own models.
#pragma once

#include <optional>

#include "async/task.h"
#include "gateway/gateway_fields.h"
#include "gateway/worker.h"
#include "http/server.h"

namespace gatehouse::gateway {

/// Whether the gateway itself answers this request. GET /v1/models is its own only when nothing in
/// the request names a provider.
bool is_local(const http::RequestHead& head, const GatewayFields& fields);

/// Error: unauthorized, forbidden, not_found, invalid_request. These requests are not recorded.
async::Task<http::Response> answer_locally(Worker& worker, const Snapshot& snapshot,
                                           const http::Request& request, GatewayFields fields);

/// The fields of a CORS answer; empty when the origin is not allowed or CORS is off.
http::FieldLines cors_fields(const config::CorsSettings& settings, std::string_view origin);
/// The answer to a preflight (Fetch standard, CORS protocol), or nothing if it is none.
std::optional<http::Response> answer_preflight(const config::CorsSettings& settings,
                                               const http::RequestHead& head);

}  // namespace gatehouse::gateway
