// The beginning of a request's record, and the little that every answer carries.
#pragma once

#include <memory>

#include "base/random.h"
#include "exchange/exchange.h"
#include "gateway/gateway_fields.h"
#include "gateway/route.h"
#include "gateway/worker.h"
#include "http/server.h"

namespace gatehouse::gateway {

/// A new exchange: id, times, method and path, and what of the bodies shall be kept.
std::unique_ptr<exchange::Exchange> open_exchange(const http::Request& request,
                                                  const Snapshot& snapshot,
                                                  const GatewayFields& fields, Worker& worker);

/// route_of, or Error not_found in the words of the wire spec.
Result<Route> route_or_not_found(const http::RequestHead& head);

/// The trace id that a request brought, or a new one.
std::string trace_or_new(const GatewayFields& fields, Random& random);

/// The trace id that every answer has, and the CORS fields.
void add_standing_fields(http::Response& response, const config::CorsSettings& cors,
                         const GatewayFields& fields, Random& random);

}  // namespace gatehouse::gateway
