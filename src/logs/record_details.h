// The rarest fields of a record, its attempts, dropped parameters and error, as one JSON object,
// empty ones left out: `{"attempts":[..],"dropped":[..],"error":{..}}`. A store keeps it beside the
// others.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "logs/log_record.h"

namespace gatehouse::logs {

/// Appends the object to `out`.
void append_details(std::string& out, const LogRecord& record);

/// Adds those fields to `record`. Error: store, when it is no such object.
Result<void> read_details(std::string_view details, LogRecord& record);

/// The same for the details that older stores have. They hold more: all that had no column of its
/// own there. The other fields of the record must be filled already.
Result<void> read_older_details(std::string_view details, LogRecord& record);

}  // namespace gatehouse::logs
