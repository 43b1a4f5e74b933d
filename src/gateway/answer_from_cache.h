// A kept answer, or the answer of a call to upstream that is then kept.
//
// This stands around one call at one target (wire spec, section 11): a fallback's second target has
// another key. Where several identical calls are under way in the process, one of them asks.
#pragma once

#include "async/task.h"
#include "attempt/attempt.h"
#include "gateway/plan_cache.h"

namespace gatehouse::gateway {

/// The answer, if it is in memory: what most hits come to, without a wait.
attempt::AnswerPtr answer_at_hand(Worker& worker, const CachePlan& plan,
                                  exchange::Exchange& exchange);

/// `ask` is only started if nothing fits that is kept. Its answer passes as it comes; it is kept
/// when it has come to its end. Notes in the exchange what was decided. Error: that of `ask`.
/// Cancellation: another one of the identical calls under way asks upstream instead.
async::Task<attempt::AnswerPtr> answer_from_cache_or(Worker& worker, const Snapshot& snapshot,
                                                     CachePlan plan, exchange::Exchange& exchange,
                                                     async::Task<attempt::AnswerPtr> ask);

}  // namespace gatehouse::gateway
