// A request that is served by a plan rather than by one target.
#pragma once

#include "gateway/plan_caller.h"

namespace gatehouse::gateway {

/// Runs the plan and notes in the exchange how it went: leaf, retries, attempts. Error: the failure
/// that the plan came to.
async::Task<attempt::AnswerPtr> serve_plan(PlannedRequest request);

}  // namespace gatehouse::gateway
