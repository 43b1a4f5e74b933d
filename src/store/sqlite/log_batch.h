// Records on their way into the table `logs`: SQL reads them from a table and functions of its own,
// so that one statement stores them all. A statement a row would cost twice as much.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "logs/log_record.h"
#include "store/sqlite/body_segments.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

/// The spans are of the same length and must live while a statement runs.
struct LogBatch {
  std::span<const logs::LogRecordPtr> records;
  std::span<const BodyPlace> places;
  std::int64_t first_seq = 0;  // the others follow; there must be no row from here on

  // The row at hand, which a statement moves on.
  std::size_t row = 0;
  std::string details;  // kept for its memory
};

/// Inserts the rows of a batch, which must outlive the connection. Error: store.
Result<Statement> prepare_insert(Database& database, LogBatch& batch);

}  // namespace gatehouse::store
