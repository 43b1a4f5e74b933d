#include "gateway/serve_plan.h"

#include <algorithm>

namespace gatehouse::gateway {

using async::Task;
using exchange::AttemptRecord;
using exchange::Exchange;

namespace {

routing::Limits limits_of(const config::Settings& settings) {
  const config::RoutingSettings& routing = settings.routing;
  return {routing.first_token_timeout, routing.stall_timeout, routing.recover_streams};
}

/// The try that answered stands last, whatever was begun after it; and those that still ran when it
/// answered were given up.
void close_attempts(Exchange& exchange) {
  std::vector<AttemptRecord>& attempts = exchange.attempts;
  for (AttemptRecord& each : attempts) {
    const bool is_given_up = each.status == 0 && each.error.empty();
    if (is_given_up) each.error = "given up: another target answered first";
  }
  const auto last = std::ranges::find_if(attempts.rbegin(), attempts.rend(), [&](const auto& each) {
    return each.target == exchange.option_index && each.status != 0;
  });
  if (last == attempts.rend()) return;
  exchange.provider = last->provider;
  std::rotate(last.base() - 1, last.base(), attempts.end());
}

}  // namespace

Task<attempt::AnswerPtr> serve_plan(PlannedRequest request) {
  Exchange& exchange = request.exchange;
  Worker& worker = request.worker;
  const std::shared_ptr<const Snapshot> snapshot = request.snapshot;
  std::shared_ptr<const exchange::Plan> plan = request.plan;
  auto caller = std::make_shared<PlanCaller>(std::move(request));
  routing::Routed routed =
      co_await routing::run_plan({std::move(plan), caller, worker.shared().routing, worker.random(),
                                  limits_of(snapshot->settings())});
  exchange.option_index = std::move(routed.option_index);
  exchange.retry_count = routed.retries;
  close_attempts(exchange);
  // Whoever was asked beside the one that answered may have said who it is; the meter will know.
  if (exchange.attempts.size() > 1) exchange.answered_model.clear();
  keep_body(caller->asked(), exchange);
  if (!routed.answer) co_return std::unexpected(std::move(routed.answer.error()));
  (*routed.answer)->plan = caller->answer_plan();
  co_return std::move(routed.answer);
}

}  // namespace gatehouse::gateway
