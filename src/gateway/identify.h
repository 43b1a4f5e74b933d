// Step 0 of a request: what it says about itself for the record (wire spec 2.1, 2.6).
#pragma once

#include "base/random.h"
#include "config/settings.h"
#include "exchange/exchange.h"
#include "gateway/gateway_fields.h"
#include "http/head.h"

namespace gatehouse::gateway {

/// Fills trace id, spans, metadata, user, organization and the recorded headers. Never fails:
/// metadata that does not parse counts as none.
void identify(const GatewayFields& fields, const http::Fields& head,
              const config::Settings& settings, Random& random, exchange::Exchange& exchange);

}  // namespace gatehouse::gateway
