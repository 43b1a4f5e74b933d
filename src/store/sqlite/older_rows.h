// The table `logs` that files had before log_batches: a row for each record.
#pragma once

#include "base/result.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

/// Copies its rows to log_batches, at the places that they have. Error: store.
Result<void> pack_older_rows(Database& database);

}  // namespace gatehouse::store
