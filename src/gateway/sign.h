// The proof of who pays, put into a request that is complete but for it.
#pragma once

#include "async/task.h"
#include "attempt/attempt.h"
#include "gateway/resolve.h"
#include "gateway/worker.h"

namespace gatehouse::gateway {

/// Who signs for whom.
struct SignSite {
  Worker& worker;
  const Snapshot& snapshot;
  const ResolveInput& input;
  const Target& target;
};

/// Adds the fields of the row's signer. A credential that buys its tokens does so first, unless the
/// worker still has one: that is a call of its own, with the timeouts of this one. Sign again for
/// each try: signatures hold the time.
/// Error: as the signer has it; upstream_status when no token is to be had. The arguments outlive
/// the task.
async::Task<void> sign(SignSite site, attempt::Outgoing& outgoing);

/// The same without waiting, as for most credentials; false, and nothing done, for one that buys
/// tokens.
Result<bool> sign_at_once(const SignSite& site, attempt::Outgoing& outgoing);

}  // namespace gatehouse::gateway
