// Reads the log of a data folder, on a connection of its own: beside the server's writer, or from
// another process while a server writes.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/result.h"
#include "logs/log_store.h"
#include "store/sqlite/database.h"
#include "store/sqlite/log_batches.h"

namespace gatehouse::store {

/// Threads: any; calls wait for each other and for the disk. See logs::LogStore for the contract.
///
/// A query walks the table from its newest batch backwards, within what the filter's times and
/// cursor leave, and tests each record: there is no index but the order. It looks at no more than
/// logs::kMaxScanned records (about 0.1 s) and then gives a cursor to go on from.
/// `find` reads the time from the id and looks at the records that were written around then.
class SqliteLogReader {
 public:
  /// Error: store; not_found if the folder has no log.
  static Result<std::unique_ptr<SqliteLogReader>> open(const std::filesystem::path& data_folder);

  Result<logs::LogPage> query(const logs::LogFilter& filter);
  Result<logs::LogRecord> find(std::string_view id);

 private:
  SqliteLogReader(std::filesystem::path data_folder, std::unique_ptr<Database> database)
      : data_folder_(std::move(data_folder)), database_(std::move(database)) {}

  Result<logs::LogPage> query_snapshot(const logs::LogFilter& filter);
  Result<SeqRange> all_places();
  Result<void> read_page(const logs::LogFilter& filter, SeqRange range, logs::LogPage& page);
  Result<void> read_total(const logs::LogFilter& filter, SeqRange range, logs::LogPage& page);

  std::filesystem::path data_folder_;
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

inline std::filesystem::path bodies_folder(const std::filesystem::path& data_folder) {
  return data_folder / "bodies";
}

}  // namespace gatehouse::store
