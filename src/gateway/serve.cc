// The table of contents of a request: read this first. Each step is a call to the room or the file
// of its name; ARCHITECTURE.md walks through them.
#include "attempt/attempt.h"
#include "auth/authenticate.h"
#include "gateway/call_target.h"
#include "gateway/identify.h"
#include "gateway/local.h"
#include "gateway/open_exchange.h"
#include "gateway/read_request.h"
#include "gateway/rescue.h"
#include "gateway/resolve.h"
#include "gateway/respond.h"
#include "gateway/route.h"
#include "gateway/saved_only.h"
#include "gateway/saved_plans.h"
#include "gateway/serve_plan.h"
#include "gateway/stored_responses.h"
#include "gateway/worker.h"

namespace gatehouse::gateway {

using async::Task;
using exchange::Exchange;

namespace {

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> serve(Worker& worker, std::shared_ptr<const Snapshot> kept,
                               http::Request& request, const GatewayFields& fields,
                               Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  const Snapshot& snapshot = *kept;
  identify(fields, request.head.fields, snapshot.settings(), worker.random(), exchange);
  const Route route = co_await route_or_not_found(request.head);
  exchange.endpoint = route.endpoint;

  const auth::Identity identity = co_await auth::authenticate(
      {snapshot.keys, worker.key_cache()}, {fields.api_key, fields.authorization, fields.x_api_key},
      snapshot.auth_rules, exchange.started, exchange.principal);
  co_await auth::require_scope(exchange.principal, exchange::Scope::completions_write);

  if (route.kind == RouteKind::proxy) {  // it may be about a response that the gateway keeps
    auto stored = co_await answer_stored_response(worker, request.head, exchange);
    if (stored) co_return std::move(stored);
  }
  co_await check_saved_only(snapshot, fields, request.head);
  const ReadLimits limits{snapshot.settings().server.max_body_bytes};
  Asked asked{route};
  co_await read_request(request, fields.content_type, limits, asked, exchange);
  std::shared_ptr<const exchange::Plan> plan =
      co_await plan_of(snapshot.plans, fields, exchange.principal);
  co_await check_saved_only_model(snapshot, fields, asked.model, plan.get());
  if (plan != nullptr) {
    PlannedRequest planned{worker,          std::move(kept), request,  exchange,
                           std::move(plan), fields,          identity, std::move(asked)};
    co_return co_await serve_plan(std::move(planned));
  }
  // The plain request: one target, one try, nothing looked into.
  const TargetCall call{worker, snapshot, request, {fields, request.head.fields, asked, identity}};
  Result<attempt::AnswerPtr> answer = co_await as_result(call_target(call, {}, exchange));
  keep_body(std::move(asked), exchange);
  co_return std::move(answer);
}

}  // namespace

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<http::Response> Worker::respond(http::Request& request) {
  const std::shared_ptr<const Snapshot> snapshot = snapshot_;  // a reload does not change it midway
  const config::CorsSettings& cors = snapshot->settings().server.cors;
  if (auto preflight = answer_preflight(cors, request.head)) co_return std::move(*preflight);

  const GatewayFields fields = read_gateway_fields(request.head.fields);
  if (is_local(request.head, fields)) {
    Result<http::Response> local =
        co_await as_result(answer_locally(*this, *snapshot, request, fields));
    http::Response response =
        local ? std::move(*local) : refusal(local.error(), trace_or_new(fields, random_));
    add_standing_fields(response, cors, fields, random_);
    co_return std::move(response);
  }

  Settlement settlement(books_, open_exchange(request, *snapshot, fields, *this));
  Result<attempt::AnswerPtr> answer =
      co_await as_result(serve(*this, snapshot, request, fields, settlement.exchange()));
  http::Response response = answer ? gateway::respond(std::move(*answer), std::move(settlement))
                                   : rescue(std::move(answer.error()), std::move(settlement));
  response.fields.append(cors_fields(cors, fields.origin));
  co_return std::move(response);
}

}  // namespace gatehouse::gateway
