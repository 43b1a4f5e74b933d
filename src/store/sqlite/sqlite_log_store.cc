#include "store/sqlite/sqlite_log_store.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "store/sqlite/schema.h"

namespace gatehouse::store {
namespace {

// Overwriting what is deleted also costs where nothing is: each new page is first filled with
// zeros. So it is on while rows are deleted, and off while they are added.
constexpr const char* kOverwritesDeleted = "PRAGMA secure_delete = FAST";
constexpr const char* kKeepsDeleted = "PRAGMA secure_delete = OFF";

std::int64_t micros(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace

SqliteLogStore::SqliteLogStore(std::filesystem::path data_folder, const Clock& clock,
                               const SqliteLogOptions& options)
    : data_folder_(std::move(data_folder)), clock_(clock), options_(options) {}

Result<std::unique_ptr<SqliteLogStore>> SqliteLogStore::open(
    const std::filesystem::path& data_folder, const Clock& clock, const SqliteLogOptions& options) {
  std::unique_ptr<SqliteLogStore> store(
      new SqliteLogStore(data_folder, clock, options));  // NOLINT: private constructor
  if (Result<void> opened = store->open_files(); !opened) return fail(std::move(opened.error()));
  return store;
}

Result<void> SqliteLogStore::open_files() {
  files_.reset();
  auto database = open_for_writing(data_folder_);
  if (!database) return fail(std::move(database.error()));
  if (Result<void> set = (*database)->run(kKeepsDeleted); !set) return set;
  auto checkpointer = Checkpointer::start(**database);
  if (!checkpointer) return fail(std::move(checkpointer.error()));
  auto newest = (*database)->prepare("SELECT last FROM log_batches ORDER BY seq DESC LIMIT 1");
  if (!newest) return fail(std::move(newest.error()));
  auto writer = BatchWriter::open(**database);
  if (!writer) return fail(std::move(writer.error()));
  auto segments = BodySegments::open(bodies_folder(data_folder_), options_.segment_bytes);
  if (!segments) return fail(std::move(segments.error()));
  const Result<Lags> lags = read_lags(**database);
  if (!lags) return fail(lags.error());
  auto reader = SqliteLogReader::open(data_folder_);
  if (!reader) return fail(std::move(reader.error()));
  files_ = std::make_unique<Files>(Files{std::move(*database), std::move(*checkpointer),
                                         std::move(*newest), std::move(*writer),
                                         std::move(*segments), 0, *lags});
  const std::scoped_lock lock(reader_mutex_);
  reader_ = std::move(*reader);
  return {};
}

Result<void> SqliteLogStore::ensure_files() {
  if (files_ && !files_->database->has_moved()) return {};
  return open_files();
}

Result<void> SqliteLogStore::append(std::span<logs::PackedBatch> batches) {
  if (Result<void> ready = ensure_files(); !ready) return ready;
  if (Result<void> kept = files_->segments.append(batches); !kept) return kept;
  Result<void> inserted = insert(batches);
  if (!inserted) files_->segments.take_back();
  return inserted;
}

Result<void> SqliteLogStore::insert(std::span<const logs::PackedBatch> batches) {
  Result<Transaction> transaction = Transaction::begin(*files_->database);
  if (!transaction) return fail(std::move(transaction.error()));
  const Result<std::int64_t> first = next_seq();
  if (!first) return fail(first.error());
  std::int64_t seq = *first;
  files_->writer.begin(files_->lags);
  for (const logs::PackedBatch& batch : batches) {
    if (Result<void> written = files_->writer.write(seq, batch); !written) return written;
    seq += static_cast<std::int64_t>(batch.size());
  }
  const Result<Lags> widened = widen_lags(files_->writer.lags());
  if (!widened) return fail(widened.error());
  Result<void> committed = transaction->commit();
  if (committed) {
    files_->lags = *widened;
    files_->last_seq = seq - 1;
  }
  return committed;
}

/// Behind all rows that there were, also those of other processes, and about now.
Result<std::int64_t> SqliteLogStore::next_seq() {
  const Result<Statement::Step> step = files_->newest.step();
  const bool has_row = step && *step == Statement::Step::row;
  const std::int64_t newest = has_row ? files_->newest.integer(0) : 0;
  files_->newest.reset();
  if (!step) return fail(step.error());
  return std::max({newest + 1, files_->last_seq + 1, micros(clock_.wall())});
}

/// Stores wider bounds, if they are wider, with some room, so that this is rare.
Result<Lags> SqliteLogStore::widen_lags(Lags lags) {
  constexpr std::int64_t kSecond = 1'000'000;
  if (lags.least >= files_->lags.least && lags.most <= files_->lags.most) return files_->lags;
  if (lags.least < files_->lags.least) lags.least -= kSecond;
  if (lags.most > files_->lags.most) lags.most += lags.most / 2 + kSecond;
  const std::string sql = "UPDATE lags SET least = min(least, " + std::to_string(lags.least) +
                          "), most = max(most, " + std::to_string(lags.most) + ")";
  if (Result<void> stored = files_->database->run(sql.c_str()); !stored) {
    return fail(std::move(stored.error()));
  }
  return lags;
}

Result<void> SqliteLogStore::tidy() {
  if (Result<void> ready = ensure_files(); !ready) return ready;
  const Retention& retention = options_.retention;
  files_->segments.remove_one(retention.body_bytes, clock_.wall() - retention.bodies);
  return delete_batches();
}

/// At most a few hundred rows, but more than came in since the last time.
Result<void> SqliteLogStore::delete_batches() {
  constexpr std::int64_t kRows = 500;
  const std::int64_t most = kRows + 2 * files_->writer.take_count();
  Database& database = *files_->database;
  const auto used = database.integer(
      "SELECT (page_count - freelist_count) * page_size"
      " FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
  if (!used) return fail(used.error());
  const bool is_too_big =
      static_cast<std::uint64_t>(used->value_or(0)) > options_.retention.row_bytes;
  const std::int64_t below = is_too_big ? std::numeric_limits<std::int64_t>::max()
                                        : micros(clock_.wall() - options_.retention.rows);
  const auto oldest = database.integer("SELECT last FROM log_batches ORDER BY seq LIMIT 1");
  if (!oldest) return fail(oldest.error());
  if (!oldest->has_value() || **oldest >= below) return {};
  const std::string limit = std::to_string(below);
  const std::string sql =
      "DELETE FROM log_batches WHERE seq IN (SELECT seq FROM log_batches WHERE seq < " + limit +
      " AND last < " + limit + " ORDER BY seq LIMIT " + std::to_string(most) + ")";
  if (Result<void> set = database.run(kOverwritesDeleted); !set) return set;
  Result<void> deleted = database.run(sql.c_str());
  if (Result<void> set = database.run(kKeepsDeleted); !set) return set;
  return deleted;
}

std::shared_ptr<SqliteLogReader> SqliteLogStore::reader() {
  const std::scoped_lock lock(reader_mutex_);
  return reader_;
}

Result<logs::LogPage> SqliteLogStore::query(const logs::LogFilter& filter) {
  return reader()->query(filter);
}

Result<logs::LogRecord> SqliteLogStore::find(std::string_view id) { return reader()->find(id); }

}  // namespace gatehouse::store
