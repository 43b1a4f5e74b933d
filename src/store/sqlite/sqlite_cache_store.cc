#include "store/sqlite/sqlite_cache_store.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::store {
namespace {

using cache::Entry;
using cache::EntryPtr;
using cache::Kept;
using cache::Key;

// `seq` is the order of keeping. Times are in microseconds since 1970. `vector` is float32 in the
// machine's byte order: the file does not travel. The index on `vector` alone is what lets a start
// read the vectors without reading the answers.
constexpr std::int64_t kVersion = 1;
constexpr const char* kSchema = R"sql(
  CREATE TABLE entries(
    seq INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    scope BLOB,
    vector BLOB,
    body BLOB NOT NULL
  );
  CREATE INDEX entries_expire ON entries(expires);
  CREATE INDEX entries_mean ON entries(seq) WHERE vector IS NOT NULL;
  PRAGMA user_version = 1;
)sql";
constexpr const char* kSettings =
    "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "PRAGMA secure_delete = FAST; PRAGMA journal_size_limit = 67108864;";

std::span<const std::uint8_t> bytes_of(const std::vector<float>& vector) {
  return {reinterpret_cast<const std::uint8_t*>(vector.data()), vector.size() * sizeof(float)};
}

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Key key_of(std::span<const std::uint8_t> blob) {
  Key key;
  std::copy_n(blob.begin(), std::min(blob.size(), key.bytes.size()), key.bytes.begin());
  return key;
}

std::vector<float> vector_of(std::span<const std::uint8_t> blob) {
  std::vector<float> vector(blob.size() / sizeof(float));
  if (!vector.empty()) std::memcpy(vector.data(), blob.data(), vector.size() * sizeof(float));
  return vector;
}

WallTime time_of(std::int64_t micros) { return WallTime(std::chrono::microseconds(micros)); }
std::int64_t micros_of(WallTime time) { return time.time_since_epoch().count(); }

/// Columns: created, expires, scope, vector.
Entry read_entry(const Statement& select, int first) {
  Entry entry;
  entry.created = time_of(select.integer(first));
  entry.expires = time_of(select.integer(first + 1));
  entry.scope = key_of(select.blob(first + 2));
  entry.vector = vector_of(select.blob(first + 3));
  return entry;
}

enum class Use : std::uint8_t { ready, of_another_version };

Result<Use> make_ready(Database& database) {
  if (Result<void> run = database.run(kSettings); !run) return fail(std::move(run.error()));
  const Result<std::optional<std::int64_t>> version = database.integer("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (**version == kVersion) return Use::ready;
  if (**version != 0) return Use::of_another_version;
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return fail(std::move(transaction.error()));
  if (Result<void> run = database.run(kSchema); !run) return fail(std::move(run.error()));
  if (Result<void> done = transaction->commit(); !done) return fail(std::move(done.error()));
  return Use::ready;
}

void remove_file(const std::filesystem::path& file) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code error;
    std::filesystem::remove(file.string() + suffix, error);
  }
}

Result<std::unique_ptr<Database>> open_or_start_afresh(const std::filesystem::path& file) {
  auto database = Database::open(file, Access::read_write);
  if (!database) return database;
  Result<Use> use = make_ready(**database);
  // Not for any other failure: the file may be in another gateway's use.
  const bool is_lost = use ? *use == Use::of_another_version : (*database)->is_damaged();
  if (is_lost) {
    database->reset();
    remove_file(file);
    database = Database::open(file, Access::read_write);
    if (!database) return database;
    use = make_ready(**database);
  }
  if (!use) return fail(std::move(use.error()));
  return database;
}

}  // namespace

Result<std::unique_ptr<SqliteCacheStore>> SqliteCacheStore::open(
    const std::filesystem::path& data_folder, std::uint64_t max_bytes) {
  const std::filesystem::path file = data_folder / kCacheName;
  auto writer = open_or_start_afresh(file);
  if (!writer) return fail(std::move(writer.error()));
  auto reader = Database::open(file, Access::read_only);
  if (!reader) return fail(std::move(reader.error()));
  std::unique_ptr<SqliteCacheStore> store(new SqliteCacheStore(  // NOLINT: private constructor
      std::move(*writer), std::move(*reader), max_bytes));
  if (Result<void> made = store->prepare_statements(); !made) return fail(std::move(made.error()));
  return store;
}

Result<void> SqliteCacheStore::prepare_statements() {
  Result<Statement> insert = writer_->prepare(
      "INSERT OR REPLACE INTO entries(key, created, expires, scope, vector, body)"
      " VALUES(?,?,?,?,?,?)");
  if (!insert) return fail(std::move(insert.error()));
  Result<Statement> select = reader_->prepare(
      "SELECT created, expires, scope, vector, body FROM entries WHERE key = ? AND expires > ?");
  if (!select) return fail(std::move(select.error()));
  insert_ = std::move(*insert);
  select_ = std::move(*select);
  return {};
}

Result<EntryPtr> SqliteCacheStore::find(const Key& key, WallTime now) {
  const std::scoped_lock lock(read_mutex_);
  select_->bind_blob(1, key.bytes).bind(2, micros_of(now));
  const Result<Statement::Step> step = select_->step();
  EntryPtr found;
  if (step && *step == Statement::Step::row) {
    Entry entry = read_entry(*select_, 0);
    const std::span<const std::uint8_t> body = select_->blob(4);
    entry.body.assign(reinterpret_cast<const char*>(body.data()), body.size());
    found = std::make_shared<const Entry>(std::move(entry));
  }
  select_->reset();
  if (!step) return fail(step.error());
  return found;
}

Result<void> SqliteCacheStore::put(std::span<const Kept> batch) {
  const std::scoped_lock lock(write_mutex_);
  Result<Transaction> transaction = Transaction::begin(*writer_);
  if (!transaction) return fail(std::move(transaction.error()));
  for (const Kept& kept : batch) {
    if (Result<void> put = put_one(kept); !put) return put;
  }
  return transaction->commit();
}

Result<void> SqliteCacheStore::put_one(const Kept& kept) {
  const Entry& entry = *kept.entry;
  insert_->bind_blob(1, kept.key.bytes);
  insert_->bind(2, micros_of(entry.created)).bind(3, micros_of(entry.expires));
  if (entry.vector.empty()) {
    insert_->bind_null(4).bind_null(5);
  } else {
    insert_->bind_blob(4, entry.scope.bytes).bind_blob(5, bytes_of(entry.vector));
  }
  insert_->bind_blob(6, bytes_of(entry.body));
  return insert_->run();
}

Result<bool> SqliteCacheStore::tidy(WallTime now) {
  const std::scoped_lock lock(write_mutex_);
  const Result<bool> expired = drop_expired(now);
  if (!expired) return expired;
  const Result<bool> oldest = drop_oldest();
  if (!oldest) return oldest;
  return *expired || *oldest;
}

Result<bool> SqliteCacheStore::drop_expired(WallTime now) {
  Result<Statement> remove = writer_->prepare("DELETE FROM entries WHERE expires <= ?");
  if (!remove) return fail(std::move(remove.error()));
  if (Result<void> run = remove->bind(1, micros_of(now)).run(); !run) {
    return fail(std::move(run.error()));
  }
  return writer_->changes() > 0;
}

Result<bool> SqliteCacheStore::drop_oldest() {
  // A sixteenth at a time, so that a full cache is not tidied for every new answer.
  constexpr const char* kDrop =
      "DELETE FROM entries WHERE seq <= (SELECT min(seq) + (max(seq) - min(seq)) / 16 FROM "
      "entries)";
  bool is_changed = false;
  for (;;) {
    const Result<std::uint64_t> used = used_bytes();
    if (!used) return fail(used.error());
    if (*used <= max_bytes_) return is_changed;
    if (Result<void> run = writer_->run(kDrop); !run) return fail(std::move(run.error()));
    if (writer_->changes() == 0) return is_changed;
    is_changed = true;
  }
}

Result<std::uint64_t> SqliteCacheStore::used_bytes() {
  const Result<std::optional<std::int64_t>> size = writer_->integer("PRAGMA page_size");
  const Result<std::optional<std::int64_t>> pages = writer_->integer("PRAGMA page_count");
  const Result<std::optional<std::int64_t>> unused = writer_->integer("PRAGMA freelist_count");
  for (const auto* each : {&size, &pages, &unused}) {
    if (!*each) return fail(each->error());
  }
  return static_cast<std::uint64_t>(pages->value_or(0) - unused->value_or(0)) *
         static_cast<std::uint64_t>(size->value_or(0));
}

Result<void> SqliteCacheStore::visit_keys(const std::function<void(const Key&)>& visit) {
  const std::scoped_lock lock(write_mutex_);
  Result<Statement> select = writer_->prepare("SELECT key FROM entries");
  if (!select) return fail(std::move(select.error()));
  for (;;) {
    const Result<Statement::Step> step = select->step();
    if (!step) return fail(step.error());
    if (*step == Statement::Step::done) return {};
    visit(key_of(select->blob(0)));
  }
}

Result<void> SqliteCacheStore::visit_vectors(WallTime now,
                                             const std::function<void(const Key&, Entry)>& visit) {
  const std::scoped_lock lock(write_mutex_);
  Result<Statement> select = writer_->prepare(
      "SELECT key, created, expires, scope, vector FROM entries"
      " WHERE vector IS NOT NULL AND expires > ? ORDER BY seq");
  if (!select) return fail(std::move(select.error()));
  select->bind(1, micros_of(now));
  for (;;) {
    const Result<Statement::Step> step = select->step();
    if (!step) return fail(step.error());
    if (*step == Statement::Step::done) return {};
    visit(key_of(select->blob(0)), read_entry(*select, 1));
  }
}

}  // namespace gatehouse::store
