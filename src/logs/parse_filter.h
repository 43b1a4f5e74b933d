// The query string of GET /v1/logs, and the flags of `gatehouse logs`, as a LogFilter.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "logs/log_filter.h"

namespace gatehouse::logs {

/// `query` is what stands behind the `?`, percent-encoded. Known filters:
/// metadata.KEY, metadata (a JSON object), headers.NAME, trace_id, provider, model, user,
/// organization, endpoint, api_key_id, status (404, 5xx, or a list of them; also status_code), end,
/// since and until (a time or an age such as 1h; also start_time, end_time and
/// time_of_generation_min, _max), limit (also page_size), cursor.
/// Filters without a value do not restrict.
/// Error: invalid_request, naming the filter, what is wrong with it and what is allowed.
Result<LogFilter> parse_filter(std::string_view query, WallTime now);

/// One filter of that list, decoded.
Result<void> add_filter(LogFilter& filter, std::string_view name, std::string_view value,
                        WallTime now);

/// The text of a cursor and back.
std::string format_cursor(LogPosition position);

}  // namespace gatehouse::logs
