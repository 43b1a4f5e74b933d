#include "gateway/call_target.h"

#include "gateway/answer_from_cache.h"
#include "gateway/batch_output.h"
#include "gateway/call_endpoint.h"
#include "gateway/fetch_media.h"
#include "gateway/prepare.h"
#include "gateway/sign.h"
#include "gateway/stored_responses.h"
#include "gateway/translate.h"
#include "gateway/try_target.h"

namespace gatehouse::gateway {

using async::Task;
using exchange::AttemptNote;
using exchange::Exchange;

namespace {

/// One try, told in the client's dialect.
// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> ask_upstream(Worker& worker, const Snapshot& snapshot, ReadyCall call,
                                      AttemptNote note, Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  std::optional<routing::Pass> pass;
  if (worker.gate().is_on()) {
    pass.emplace(
        co_await worker.gate().enter(upstream_name(call.target), exchange.principal.key_id));
  }
  SignSite site{worker, snapshot, call.input, call.target};
  if (!co_await sign_at_once(site, call.prepared.outgoing)) {
    co_await sign(site, call.prepared.outgoing);
  }
  attempt::AnswerPtr answer =
      co_await try_target(worker.pool(), call.prepared.outgoing, call.target, note, exchange);
  if (pass) answer->body = routing::holding(std::move(answer->body), std::move(*pass));
  if (call.translation) {
    std::string conversation = std::move(call.translation->conversation);
    answer = co_await translate_answer(std::move(answer), std::move(call.translation), exchange);
    answer = keep_response(worker, std::move(answer), std::move(conversation), exchange);
  }
  co_return std::move(answer);
}

/// What was asked, in the target's words.
// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<std::shared_ptr<Translation>> translate(Worker& worker, const Snapshot& snapshot,
                                             const ResolveInput& input, const Target& target,
                                             Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  TranslationContext context = translation_context(input, exchange);
  Conversation conversation;
  if (input.asked.route.endpoint == Endpoint::create_response) {
    conversation = co_await recall_conversation(worker, input.asked, exchange);
    context.body = conversation.body;
  }
  std::shared_ptr<Translation> translation = co_await decode_request(input.asked, target, context);
  if (input.fields.may_keep_bodies()) translation->conversation = std::move(conversation.input);
  co_await fetch_media(worker.pool(), snapshot, *translation);
  co_await encode_request(target, *translation);
  co_return std::move(translation);
}

/// The try, unless its answer is known.
// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> ask_cache(Worker& worker, const Snapshot& snapshot, ReadyCall call,
                                   AttemptNote note, Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  std::optional<CachePlan> kept = co_await plan_cache(worker, snapshot, call, exchange);
  if (kept) {
    attempt::AnswerPtr known = answer_at_hand(worker, *kept, exchange);
    if (known) co_return std::move(known);
  }
  Task<attempt::AnswerPtr> asking = ask_upstream(worker, snapshot, std::move(call), note, exchange);
  if (kept) {
    asking = answer_from_cache_or(worker, snapshot, std::move(*kept), exchange, std::move(asking));
  }
  co_return co_await std::move(asking);
}

}  // namespace

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> call_target(TargetCall call, AttemptNote note, Exchange& exchange) {
  const auto& [worker, snapshot, request, input] = call;
  Result<Target> resolved = resolve(snapshot, input, exchange);
  if (!resolved) co_return std::unexpected(std::move(resolved.error()));
  const Target& target = *resolved;
  if (const auto* door = endpoint_door_of(input.asked.route.endpoint, target)) {
    const EndpointCall beside_chat{worker, snapshot, request, input, target};
    if (!input.fields.cache.empty()) exchange.cache = exchange::CacheStatus::disabled;
    co_return co_await call_endpoint(beside_chat, *door, note, exchange);
  }
  const bool is_batch_output = input.asked.route.endpoint == Endpoint::get_batch_output;
  if (is_batch_output && target.row->reach != providers::Reach::in_process) {
    const EndpointCall beside_chat{worker, snapshot, request, input, target};
    co_return co_await call_batch_output(beside_chat, note, exchange);
  }
  std::shared_ptr<Translation> translation;  // only between unlike dialects
  if (needs_translation(input.asked.route.endpoint, target)) {
    translation = co_await translate(worker, snapshot, input, target, exchange);
  }
  Result<Prepared> made = prepare(snapshot, request, input, target, translation.get());
  if (!made) co_return std::unexpected(std::move(made.error()));
  Prepared& prepared = *made;
  exchange.dropped_params = std::move(prepared.dropped);
  if (input.asked.is_upload) send_as_upload(request, prepared.outgoing);
  // From here on the call is final: nothing below changes what was asked.

  const exchange::CacheSettings* const cache =
      input.leaf != nullptr && input.leaf->cache ? &*input.leaf->cache : nullptr;
  exchange.cache = exchange::CacheStatus::undecided;  // whatever was decided for a target before
  ReadyCall ready{input, target, prepared, std::move(translation), cache};
  Task<attempt::AnswerPtr> asking =
      mentions_cache(snapshot, ready)
          ? ask_cache(worker, snapshot, std::move(ready), note, exchange)
          : ask_upstream(worker, snapshot, std::move(ready), note, exchange);
  attempt::AnswerPtr answer = co_await std::move(asking);
  answer->plan = prepared.plan;
  co_return std::move(answer);
}

}  // namespace gatehouse::gateway
