#include "store/sqlite/sqlite_log_store.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "store/sqlite/log_rows.h"
#include "store/sqlite/schema.h"

namespace gatehouse::store {
namespace {

// Overwriting what is deleted also costs where nothing is: each new page is first filled with
// zeros. So it is on while rows are deleted, and off while they are added.
constexpr const char* kOverwritesDeleted = "PRAGMA secure_delete = FAST";
constexpr const char* kKeepsDeleted = "PRAGMA secure_delete = OFF";

std::int64_t micros(WallTime time) { return time.time_since_epoch().count(); }

Result<Lags> read_lags(Database& database) {
  const auto least = database.integer("SELECT least FROM lags");
  if (!least) return fail(least.error());
  const auto most = database.integer("SELECT most FROM lags");
  if (!most) return fail(most.error());
  return Lags{least->value_or(0), most->value_or(0)};
}

/// Those of records whose rows are numbered from `seq` on.
Lags lags_of(std::span<const logs::LogRecordPtr> records, std::int64_t seq, Lags lags) {
  for (const logs::LogRecordPtr& record : records) {
    const std::int64_t began = micros(record->started);
    const std::int64_t says_id = micros_of_id(record->id).value_or(began);
    lags.least = std::min(lags.least, seq - std::max(began, says_id));
    lags.most = std::max(lags.most, seq - std::min(began, says_id));
    ++seq;
  }
  return lags;
}

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
  auto batch = std::make_unique<LogBatch>();
  auto newest = (*database)->prepare("SELECT max(seq) FROM logs");
  if (!newest) return fail(std::move(newest.error()));
  auto insert = prepare_insert(**database, *batch);
  if (!insert) return fail(std::move(insert.error()));
  auto segments = BodySegments::open(bodies_folder(data_folder_), options_.segment_bytes);
  if (!segments) return fail(std::move(segments.error()));
  const Result<Lags> lags = read_lags(**database);
  if (!lags) return fail(lags.error());
  auto reader = SqliteLogReader::open(data_folder_);
  if (!reader) return fail(std::move(reader.error()));
  files_ = std::make_unique<Files>(Files{std::move(batch), std::move(*database),
                                         std::move(*checkpointer), std::move(*newest),
                                         std::move(*insert), std::move(*segments), 0, *lags});
  const std::scoped_lock lock(reader_mutex_);
  reader_ = std::move(*reader);
  return {};
}

Result<void> SqliteLogStore::ensure_files() {
  if (files_ && !files_->database->has_moved()) return {};
  return open_files();
}

Result<void> SqliteLogStore::append(std::span<const logs::LogRecordPtr> records) {
  if (Result<void> ready = ensure_files(); !ready) return ready;
  const auto places = files_->segments.append(records);
  if (!places) return fail(places.error());
  Result<void> inserted = insert_rows(records, *places);
  if (!inserted) {
    files_->segments.take_back();
    return inserted;
  }
  appended_since_tidy_ += static_cast<std::int64_t>(records.size());
  return {};
}

Result<void> SqliteLogStore::insert_rows(std::span<const logs::LogRecordPtr> records,
                                         std::span<const BodyPlace> places) {
  Result<Transaction> transaction = Transaction::begin(*files_->database);
  if (!transaction) return fail(std::move(transaction.error()));
  const Result<std::int64_t> seq = next_seq();
  if (!seq) return fail(seq.error());
  files_->batch->records = records;
  files_->batch->places = places;
  files_->batch->first_seq = *seq;
  if (Result<void> inserted = files_->insert.run(); !inserted) return inserted;
  const Result<Lags> widened = widen_lags(lags_of(records, *seq, files_->lags));
  if (!widened) return fail(widened.error());
  Result<void> committed = transaction->commit();
  if (committed) {
    files_->lags = *widened;
    files_->last_seq = *seq + static_cast<std::int64_t>(records.size()) - 1;
  }
  return committed;
}

/// Behind all rows that there were, also those of other processes, and about now.
Result<std::int64_t> SqliteLogStore::next_seq() {
  const Result<Statement::Step> step = files_->newest.step();
  const std::int64_t newest = step ? files_->newest.integer(0) : 0;
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
  return delete_rows();
}

/// At most a few thousand rows, but more than came in since the last time.
Result<void> SqliteLogStore::delete_rows() {
  constexpr std::int64_t kRows = 2000;
  const std::int64_t most = kRows + 2 * std::exchange(appended_since_tidy_, 0);
  Database& database = *files_->database;
  const auto used = database.integer(
      "SELECT (page_count - freelist_count) * page_size"
      " FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
  if (!used) return fail(used.error());
  const bool is_too_big =
      static_cast<std::uint64_t>(used->value_or(0)) > options_.retention.row_bytes;
  const std::int64_t below = is_too_big ? std::numeric_limits<std::int64_t>::max()
                                        : micros(clock_.wall() - options_.retention.rows);
  const auto oldest = database.integer("SELECT min(seq) FROM logs");
  if (!oldest) return fail(oldest.error());
  if (!oldest->has_value() || **oldest >= below) return {};
  const std::string sql = "DELETE FROM logs WHERE seq IN (SELECT seq FROM logs WHERE seq < " +
                          std::to_string(below) + " ORDER BY seq LIMIT " + std::to_string(most) +
                          ")";
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
