// One leaf of a plan: a try, and again as its retry rules say.
#pragma once

#include <string>
#include <vector>

#include "routing/run_plan.h"

namespace gatehouse::routing {

/// The targets that come after this one: of its own node, then of the nodes around it. On the
/// frames of the coroutines that wait for it.
struct Rest {
  const std::vector<const exchange::PlanNode*>* order = nullptr;
  std::size_t from = 0;
  const Rest* outer = nullptr;

  bool has_any() const;
  /// Every leaf among them, in the order of trying.
  std::vector<const exchange::PlanNode*> leaves() const;
};

/// How the run of a node ended.
struct Outcome {
  Result<attempt::AnswerPtr> answer;
  Judgement judged;  // of a failure
  std::string path;
  int retries = 0;
  std::vector<const exchange::PlanNode*> rest;  // who could take a stream up

  bool is_answered() const { return answer && (*answer)->status < 400; }
};

/// Tries until it is answered, the rules say stop, or it would take too long. Gives way to the next
/// target at once if the breaker is open.
async::Task<Outcome> run_leaf(const RunInput& input, const exchange::PlanNode& leaf, Rest rest,
                              std::string reason);

}  // namespace gatehouse::routing
