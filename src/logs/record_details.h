// The rare fields of a record, and those of any shape, as one JSON object, which a store keeps in
// one column: `{"span":"..","metadata":{..},"headers":{..},"attempts":[..],..}`, empty fields left
// out. The rest (ids, models, status, main times and token counts, bodies) has columns of its own.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "logs/log_record.h"

namespace gatehouse::logs {

/// Appends the object to `out`.
void append_details(std::string& out, const LogRecord& record);

/// Fills those fields of `record`, whose other fields must be filled already. Error: store, when it
/// is no such object.
Result<void> read_details(std::string_view details, LogRecord& record);

}  // namespace gatehouse::logs
