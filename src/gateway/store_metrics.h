// What did not reach its store, in Prometheus' text: stores fail open, so somebody has to count.
#pragma once

#include <string>

#include "gateway/worker.h"

namespace gatehouse::gateway {

/// Any thread.
std::string render_stores(const Shared& shared);

}  // namespace gatehouse::gateway
