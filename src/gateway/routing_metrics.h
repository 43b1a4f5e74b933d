// What routing tells GET /metrics: its counters, and a gauge for each upstream that it knows.
#pragma once

#include <string>

#include "routing/run_plan.h"

namespace gatehouse::gateway {

/// The Prometheus text format.
std::string render_routing(routing::Memory& memory, MonotonicTime now);

/// GET /v1/upstreams: what is known of each upstream, as JSON.
std::string upstreams_json(routing::Memory& memory, MonotonicTime now);

}  // namespace gatehouse::gateway
