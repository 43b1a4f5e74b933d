// Records on their way into the table `logs`, as a table that SQL can read: one statement then
// stores them all, where one a row would cost twice as much.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "logs/log_record.h"
#include "store/sqlite/body_segments.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

/// What the table shows. The spans are of the same length and must live while a statement runs.
struct LogBatch {
  std::span<const logs::LogRecordPtr> records;
  std::span<const BodyPlace> places;
  std::int64_t first_seq = 0;  // of the first row; each of the others gets the next one
};

inline constexpr const char* kInsertBatch = "INSERT INTO logs SELECT * FROM log_batch";

/// Makes `batch` the table `log_batch` of this connection, which it must outlive. Error: store.
Result<void> attach_batch(Database& database, const LogBatch& batch);

}  // namespace gatehouse::store
