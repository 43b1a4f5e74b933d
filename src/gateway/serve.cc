// The table of contents of a request: read this first. Each step is a call to the room or the file
// of its name; ARCHITECTURE.md walks through them.
#include "attempt/attempt.h"
#include "auth/authenticate.h"
#include "gateway/answer_from_cache.h"
#include "gateway/call_endpoint.h"
#include "gateway/identify.h"
#include "gateway/local.h"
#include "gateway/open_exchange.h"
#include "gateway/prepare.h"
#include "gateway/read_request.h"
#include "gateway/rescue.h"
#include "gateway/resolve.h"
#include "gateway/respond.h"
#include "gateway/route.h"
#include "gateway/sign.h"
#include "gateway/translate.h"
#include "gateway/try_target.h"
#include "gateway/worker.h"

namespace gatehouse::gateway {

using async::Task;
using exchange::Exchange;

namespace {

/// What a request has come to: an answer from upstream, and how it is to be passed on.
struct Served {
  attempt::Answer answer;
  AnswerPlan plan;
};

/// One try, told in the client's dialect.
Task<attempt::Answer> ask_upstream(Worker& worker, const Snapshot& snapshot, ReadyCall call,
                                   Exchange& exchange) {
  co_await sign(worker, snapshot, call.input, call.target, call.prepared.outgoing);
  attempt::Answer answer = co_await try_target(worker.pool(), std::move(call.prepared.outgoing),
                                               call.target, call.input.asked.route.kind, exchange);
  if (call.translation) {
    answer = co_await translate_answer(std::move(answer), std::move(call.translation), exchange);
  }
  co_return std::move(answer);
}

/// Where it goes, as what, and the try, unless its answer is known.
Task<Served> call(Worker& worker, const Snapshot& snapshot, http::Request& request,
                  ResolveInput input, Exchange& exchange) {
  const Target target = co_await resolve(snapshot, input, exchange);
  if (const auto* door = endpoint_door_of(input.asked.route.endpoint, target)) {
    const EndpointCall beside_chat{worker, snapshot, request, input, target};
    if (!input.fields.cache.empty()) exchange.cache = exchange::CacheStatus::disabled;
    attempt::Answer answer = co_await call_endpoint(beside_chat, *door, exchange);
    co_return Served{std::move(answer), {}};
  }
  std::shared_ptr<Translation> translation;  // only between unlike dialects
  if (needs_translation(input.asked.route.endpoint, target)) {
    translation =
        co_await translate_request(input.asked, target, translation_context(input, exchange));
  }
  Prepared prepared = co_await prepare(snapshot, request, input, target, translation.get());
  exchange.dropped_params = std::move(prepared.dropped);
  if (input.asked.is_upload) send_as_upload(request, prepared.outgoing);
  // From here on the call is final: nothing below changes what was asked.

  const ReadyCall ready{input, target, prepared, std::move(translation)};
  Task<attempt::Answer> asking = ask_upstream(worker, snapshot, ready, exchange);
  if (mentions_cache(snapshot, ready)) {
    std::optional<CachePlan> kept = co_await plan_cache(worker, snapshot, ready, exchange);
    if (kept) {
      asking =
          answer_from_cache_or(worker, snapshot, std::move(*kept), exchange, std::move(asking));
    }
  }
  attempt::Answer answer = co_await std::move(asking);
  co_return Served{std::move(answer), prepared.plan};
}

Task<Served> serve(Worker& worker, const Snapshot& snapshot, http::Request& request,
                   GatewayFields fields, Exchange& exchange) {
  identify(fields, request.head.fields, snapshot.settings(), worker.random(), exchange);
  const Route route = co_await route_or_not_found(request.head);
  exchange.endpoint = route.endpoint;

  const auth::Identity identity = co_await auth::authenticate(
      {snapshot.keys, worker.key_cache()}, {fields.api_key, fields.authorization, fields.x_api_key},
      snapshot.auth_rules, exchange.started);
  exchange.principal = identity.principal;
  co_await auth::require_scope(identity.principal, exchange::Scope::completions_write);

  const ReadLimits limits{snapshot.settings().server.max_body_bytes};
  Asked asked = co_await read_request(request, route, fields.content_type, limits, exchange);
  const ResolveInput input{fields, request.head.fields, asked, identity};
  Result<Served> served = co_await as_result(call(worker, snapshot, request, input, exchange));
  keep_body(std::move(asked), exchange);
  co_return std::move(served);
}

}  // namespace

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
  Result<Served> served =
      co_await as_result(serve(*this, *snapshot, request, fields, settlement.exchange()));
  http::Response response =
      served ? gateway::respond(std::move(served->answer), served->plan, std::move(settlement))
             : rescue(std::move(served.error()), std::move(settlement));
  response.fields.append(cors_fields(cors, fields.origin));
  co_return std::move(response);
}

}  // namespace gatehouse::gateway
