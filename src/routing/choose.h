// Which targets of a node are tried, and in which order (wire spec 3.2).
#pragma once

#include <vector>

#include "base/random.h"
#include "routing/caller.h"
#include "routing/health.h"
#include "routing/sticky_targets.h"

namespace gatehouse::routing {

/// What choosing looks at. All of it outlives the choice.
struct ChoiceInput {
  Caller& caller;
  Health& health;
  StickyTargets& sticky;
  Random& random;
  MonotonicTime now;
};

/// The targets in the order of trying; one alone where the mode knows no second. Leaves with an
/// open breaker are left out, unless all are. Error: invalid_request, when no condition leads
/// anywhere.
Result<std::vector<const exchange::PlanNode*>> choose(const exchange::PlanNode& node,
                                                      const ChoiceInput& input);

/// Whether another target is tried when one fails.
bool has_failover(exchange::Mode mode);

}  // namespace gatehouse::routing
