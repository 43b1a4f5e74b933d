// The mode in which requests may only name what the operator has saved (`server.saved_only`):
// configs and virtual keys by their slugs. Wire spec, section 2.8.
#pragma once

#include "base/result.h"
#include "gateway/gateway_fields.h"
#include "gateway/read_request.h"
#include "gateway/snapshot.h"
#include "http/head.h"

namespace gatehouse::gateway {

/// Both do nothing where the mode is off. Error: the first violation, one of the codes
/// `inline_..._blocked`, with the field in `param`.
Result<void> check_saved_only(const Snapshot& snapshot, const GatewayFields& fields,
                              const http::RequestHead& head);
/// The model may name a provider, too, and does so where nothing else of the request does. `plan`
/// may be null.
Result<void> check_saved_only_model(const Snapshot& snapshot, const GatewayFields& fields,
                                    std::string_view model, const exchange::Plan* plan);

}  // namespace gatehouse::gateway
