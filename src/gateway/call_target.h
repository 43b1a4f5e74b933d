// One call of one target, from what is asked to an answer in the client's dialect.
#pragma once

#include "gateway/resolve.h"
#include "gateway/respond.h"
#include "gateway/worker.h"

namespace gatehouse::gateway {

/// What a call needs; all of it outlives the task.
struct TargetCall {
  Worker& worker;
  const Snapshot& snapshot;
  http::Request& request;
  ResolveInput input;
};

/// Where it goes, as what, and the try, unless the answer is known. `note`: see try_target. The
/// exchange outlives the answer's body; everything else only the call.
async::Task<attempt::AnswerPtr> call_target(TargetCall call, exchange::AttemptNote note,
                                            exchange::Exchange& exchange);

}  // namespace gatehouse::gateway
