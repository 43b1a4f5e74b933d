// The request as it goes upstream: address, fields, body with the few bytes that change.
#pragma once

#include <string>
#include <vector>

#include "attempt/attempt.h"
#include "gateway/read_request.h"
#include "gateway/resolve.h"
#include "gateway/respond.h"
#include "gateway/translate.h"

namespace gatehouse::gateway {

/// Owns what the views of `outgoing` look at, beside the Asked it was made from.
struct Prepared {
  attempt::Outgoing outgoing;
  json::Edits edits;
  std::vector<std::string> dropped;  // parameters that the provider would refuse
  AnswerPlan plan;
};

/// A same-dialect request (`translation` is null): bytes outside the edits are never touched.
/// Otherwise the body is the one that was encoded, which must outlive the Prepared. Error: as the
/// steps have it.
Result<Prepared> prepare(const Snapshot& snapshot, const http::Request& request,
                         const ResolveInput& input, const Target& target,
                         const Translation* translation);

}  // namespace gatehouse::gateway
