// One call of one target, from what is asked to an answer in the client's dialect.
#pragma once

#include "gateway/resolve.h"
#include "gateway/respond.h"
#include "gateway/worker.h"

namespace gatehouse::gateway {

/// What a request has come to: an answer from upstream, and how it is to be passed on.
struct Served {
  attempt::Answer answer;
  AnswerPlan plan;
};

/// Where a call is made. The exchange outlives the answer's body; everything else only the call.
struct CallSite {
  Worker& worker;
  const Snapshot& snapshot;
  http::Request& request;
  exchange::Exchange& exchange;
};

/// Where it goes, as what, and the try. `note`: see try_target.
async::Task<Served> call_target(CallSite site, ResolveInput input, exchange::AttemptRecord note);

}  // namespace gatehouse::gateway
