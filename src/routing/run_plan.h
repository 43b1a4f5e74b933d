// Which targets, in which order, and again if one fails: from a Plan to one answer. Fails over only
// while nothing has been passed on; what may happen later is recovery (recover_stream.h).
#pragma once

#include <memory>

#include "routing/caller.h"
#include "routing/choose.h"
#include "routing/counts.h"
#include "routing/recover_stream.h"

namespace gatehouse::routing {

/// What routing remembers, shared by all loops.
struct Memory {
  explicit Memory(RetryBudget budget = {}) : health(budget) {}
  Health health;
  StickyTargets sticky;
  Counts counts;
};

struct Limits {
  std::chrono::milliseconds first_token{10'000};  // then the next target is asked too; 0: never
  std::chrono::milliseconds stall{20'000};  // in a stream that another could take up; 0: never
  bool recovers_streams = true;
};

/// All of it but the shared pointers outlives the call; `memory` also the answer's body.
struct RunInput {
  std::shared_ptr<const exchange::Plan> plan;
  std::shared_ptr<Caller> caller;
  Memory& memory;
  Random& random;
  Limits limits;
};

/// What came of it, answer or failure, and how it came about.
struct Routed {
  Result<attempt::AnswerPtr> answer;
  std::string option_index;  // the path of the leaf that it came from
  int retries = 0;           // of that leaf; -1: all were used up, or would have taken too long
};

/// Never ends with an Error by itself: failures stand in Routed::answer.
async::Task<Routed> run_plan(RunInput input);

}  // namespace gatehouse::routing
