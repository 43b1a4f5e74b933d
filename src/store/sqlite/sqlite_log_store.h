// The record of all requests in a data folder: rows in DIR/gatehouse.db, bodies in DIR/bodies/.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "logs/log_store.h"
#include "store/sqlite/body_segments.h"
#include "store/sqlite/checkpointer.h"
#include "store/sqlite/database.h"
#include "store/sqlite/log_batches.h"
#include "store/sqlite/sqlite_log_reader.h"

namespace gatehouse::store {

/// What is older or more than this is removed, the oldest first, a little at every `tidy`.
struct Retention {
  std::chrono::days rows{90};
  std::chrono::days bodies{30};
  std::uint64_t row_bytes = 4ULL << 30U;
  std::uint64_t body_bytes = 8ULL << 30U;
};

struct SqliteLogOptions {
  Retention retention;
  std::uint64_t segment_bytes = 256ULL << 20U;
};

/// logs::LogStore has the contract. Several processes may write to one folder. A killed process
/// loses nothing that `append` has returned for; a power failure may cost the last seconds, never
/// the file. If the folder is removed while it is open, it is made anew.
class SqliteLogStore final : public logs::LogStore {
 public:
  /// Error: store. The clock must outlive the store.
  static Result<std::unique_ptr<SqliteLogStore>> open(const std::filesystem::path& data_folder,
                                                      const Clock& clock,
                                                      const SqliteLogOptions& options = {});

  Result<void> append(std::span<logs::PackedBatch> batches) override;
  Result<logs::LogPage> query(const logs::LogFilter& filter) override;
  Result<logs::LogRecord> find(std::string_view id) override;
  Result<void> tidy() override;

 private:
  // All that is bound to the files as they were when they were opened.
  struct Files {
    std::unique_ptr<Database> database;
    std::unique_ptr<Checkpointer> checkpointer;
    Statement newest;
    BatchWriter writer;
    BodySegments segments;
    std::int64_t last_seq = 0;
    Lags lags;
  };

  SqliteLogStore(std::filesystem::path data_folder, const Clock& clock,
                 const SqliteLogOptions& options);
  Result<void> open_files();
  Result<void> ensure_files();
  Result<void> insert(std::span<const logs::PackedBatch> batches);
  Result<std::int64_t> next_seq();
  Result<Lags> widen_lags(Lags lags);
  Result<void> delete_batches();
  std::shared_ptr<SqliteLogReader> reader();

  const std::filesystem::path data_folder_;
  const Clock& clock_;
  const SqliteLogOptions options_;
  std::unique_ptr<Files> files_;  // the writer's thread
  std::mutex reader_mutex_;
  std::shared_ptr<SqliteLogReader> reader_;
};

}  // namespace gatehouse::store
