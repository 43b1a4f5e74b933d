// The parameters that a leaf of a plan sets, forces and leaves out (wire spec 3.1): default_params,
// then override_params, then drop_params.
#pragma once

#include <string>

#include "base/result.h"
#include "exchange/plan.h"
#include "gateway/read_request.h"

namespace gatehouse::gateway {

/// Whether the leaf changes anything in a body.
bool has_params(const exchange::PlanNode& leaf);

/// The JSON body with the leaf's parameters. Bytes that are not meant stay as they are, unless
/// drop_params reaches into a member ("a.b", "a[0].b", "a[*].b"): that member is written anew.
/// Paths that lead nowhere are ignored. Error: invalid_request.
Result<std::string> apply_params(const Asked& asked, const exchange::PlanNode& leaf);

}  // namespace gatehouse::gateway
