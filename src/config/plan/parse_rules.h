// The small objects of a config: retry, cache, cb_config, strategy (wire spec 3.2 to 3.8).
#pragma once

#include "base/result.h"
#include "config/plan/plan_value.h"
#include "exchange/plan.h"

namespace gatehouse::config {

exchange::RetryRules read_retry(const PlanValue& value);
exchange::CacheSettings read_cache(const PlanValue& value);
exchange::BreakerRules read_breaker(const PlanValue& value);

/// A strategy, and the breaker rules that may stand in it.
struct ReadStrategy {
  exchange::Strategy strategy;
  std::optional<exchange::BreakerRules> breaker;
};
ReadStrategy read_strategy(const PlanValue& value);

/// A query of a condition (wire spec 3.3), with its operators checked.
exchange::Query read_query(const PlanValue& value);

/// The header field `x-portkey-retry` as langroid sends it: max_retries, backoff, jitter; Portkey's
/// own keys are understood as well. Error: invalid_config.
Result<exchange::RetryRules> parse_retry_field(std::string_view text);

/// "path: config.retry.attempts, message: must be ...", joined. Only if there are problems.
std::string describe(const PlanProblems& problems);

}  // namespace gatehouse::config
