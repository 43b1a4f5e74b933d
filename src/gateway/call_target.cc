#include "gateway/call_target.h"

#include "gateway/call_endpoint.h"
#include "gateway/prepare.h"
#include "gateway/sign.h"
#include "gateway/translate.h"
#include "gateway/try_target.h"

namespace gatehouse::gateway {

async::Task<Served> call_target(CallSite site, ResolveInput input, exchange::AttemptRecord note) {
  auto& [worker, snapshot, request, exchange] = site;
  const Target target = co_await resolve(snapshot, input, exchange);
  if (const auto* door = endpoint_door_of(input.asked.route.endpoint, target)) {
    const EndpointCall beside_chat{worker, snapshot, request, input, target, note};
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
  co_await sign(worker, snapshot, input, target, prepared.outgoing);

  attempt::Answer answer = co_await try_target(worker.pool(), std::move(prepared.outgoing), target,
                                               std::move(note), exchange);
  if (translation) {
    answer = co_await translate_answer(std::move(answer), std::move(translation), exchange);
  }
  co_return Served{std::move(answer), prepared.plan};
}

}  // namespace gatehouse::gateway
