#include "gateway/open_exchange.h"

#include "base/ids.h"
#include "gateway/local.h"

namespace gatehouse::gateway {

std::unique_ptr<exchange::Exchange> open_exchange(const http::Request& request,
                                                  const Snapshot& snapshot,
                                                  const GatewayFields& fields, Worker& worker) {
  std::unique_ptr<exchange::Exchange> exchange = worker.books().open();
  exchange->received = request.received;
  exchange->started = worker.shared().clock.wall();
  put_uuid7(exchange->started, worker.random(), exchange->id);
  exchange->method = request.head.method;
  exchange->path = request.head.path;
  const config::RecordSettings& record = snapshot.settings().logs;
  const bool keeps_bodies = record.enabled && record.bodies && fields.may_keep_bodies();
  exchange->request.is_on = exchange->response.is_on = keeps_bodies;
  const bool has_room = keeps_bodies && worker.books().has_room_for_bodies(exchange->received);
  exchange->request.limit = exchange->response.limit = has_room ? record.max_body_bytes : 0;
  return exchange;
}

Result<Route> route_or_not_found(const http::RequestHead& head) {
  if (const std::optional<Route> route = route_of(head.method, head.path)) return *route;
  return fail(client_error(ErrorCode::not_found,
                           "Not Found: there is no " + std::string(head.method) + " " +
                               std::string(head.path) + " here. All endpoints are below /v1."));
}

std::string trace_or_new(const GatewayFields& fields, Random& random) {
  return fields.trace_id.empty() ? make_uuid4(random) : std::string(fields.trace_id);
}

void add_standing_fields(http::Response& response, const config::CorsSettings& cors,
                         const GatewayFields& fields, Random& random) {
  if (!response.fields.has("x-portkey-trace-id")) {
    response.fields.add("x-portkey-trace-id", trace_or_new(fields, random));
  }
  response.fields.append(cors_fields(cors, fields.origin));
}

}  // namespace gatehouse::gateway
