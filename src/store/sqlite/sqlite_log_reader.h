// Reads the log of a data folder, on a connection of its own: beside the server's writer, or from
// another process while a server writes.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "logs/log_store.h"
#include "store/sqlite/database.h"
#include "store/sqlite/log_query.h"
#include "store/sqlite/log_rows.h"

namespace gatehouse::store {

/// Threads: any; calls wait for each other and for the disk. See logs::LogStore for the contract.
///
/// A query walks the table from its newest row backwards, within the rows that the filter's times
/// and cursor leave, and tests each row: there is no index but the order. It looks at no more than
/// logs::kMaxScanned rows (about 0.2 s) and then gives a cursor to go on from.
/// `find` reads the time from the id and looks at the rows that were written around then.
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
  Result<SeqRange> all_rows();
  Result<Lags> lags();
  Result<void> read_page(const logs::LogFilter& filter, SeqRange range, logs::LogPage& page);
  Result<void> read_records(std::span<const std::int64_t> seqs, logs::LogPage& page);
  Result<std::optional<std::int64_t>> last_scanned(SeqRange range, std::size_t scanned);
  Result<void> read_total(const logs::LogFilter& filter, SeqRange range, logs::LogPage& page);
  Result<std::optional<Row>> find_row(std::string_view id);

  std::filesystem::path data_folder_;
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

inline std::filesystem::path bodies_folder(const std::filesystem::path& data_folder) {
  return data_folder / "bodies";
}

}  // namespace gatehouse::store
