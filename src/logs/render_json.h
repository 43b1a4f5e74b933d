// Records as the JSON of GET /v1/logs, GET /v1/logs/:id and `gatehouse logs --json`.
#pragma once

#include <string>

#include "logs/log_record.h"
#include "logs/log_store.h"

namespace gatehouse::logs {

/// {"object":"list","total":..,"total_is_exact":..,"has_more":..,"next_cursor":..,"data":[..]}
/// `total` counts at most kMaxCounted records; see LogPage.
std::string render_page(const LogPage& page);

/// One row: everything but the bodies.
std::string render_row(const LogRecord& record);

/// A row with `request` and `response`: {"body":..,"truncated":..,"state":..}. A whole body that is
/// JSON stands there as it was sent, any other as a string; null when there is none.
std::string render_record(const LogRecord& record);

}  // namespace gatehouse::logs
