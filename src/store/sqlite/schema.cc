// `PRAGMA user_version` counts the migrations that a file has seen. Each runs once, in one
// transaction with the new count; what was released is never changed, only followed by another.
#include "store/sqlite/schema.h"

#include <array>
#include <string>
#include <utility>

#include "store/sqlite/older_rows.h"

namespace gatehouse::store {
namespace {

// logs: the rows of the record before there was log_batches.
//
// lags: by how many microseconds `seq` lies behind the start of a request, at least and at most.
// revisions: counts the changes of the keys, so that a running server sees them.
constexpr const char* kFirst = R"sql(
  CREATE TABLE logs(
    seq INTEGER PRIMARY KEY,
    id TEXT,
    trace_id TEXT,
    started INTEGER NOT NULL,
    key_id TEXT,
    user TEXT,
    endpoint TEXT,
    provider TEXT,
    model TEXT,
    answered_model TEXT,
    status INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    total_us INTEGER NOT NULL,
    gateway_us INTEGER NOT NULL,
    first_byte_us INTEGER,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost_nano_usd INTEGER,
    body INTEGER,
    details TEXT NOT NULL
  );
  CREATE TABLE lags(least INTEGER NOT NULL, most INTEGER NOT NULL);
  INSERT INTO lags VALUES(0, 0);
  CREATE TABLE gateway_keys(
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    scopes TEXT NOT NULL,
    source TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    expires_us INTEGER,
    revoked_us INTEGER
  );
  CREATE TABLE revisions(name TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO revisions VALUES('gateway_keys', 0);
  CREATE TRIGGER key_added AFTER INSERT ON gateway_keys BEGIN
    UPDATE revisions SET revision = revision + 1 WHERE name = 'gateway_keys';
  END;
  CREATE TRIGGER key_changed AFTER UPDATE ON gateway_keys BEGIN
    UPDATE revisions SET revision = revision + 1 WHERE name = 'gateway_keys';
  END;
  CREATE TRIGGER key_removed AFTER DELETE ON gateway_keys BEGIN
    UPDATE revisions SET revision = revision + 1 WHERE name = 'gateway_keys';
  END;
)sql";

// responses: answers that later requests go on with; see responses/response_store.h.
constexpr const char* kSecond = R"sql(
  CREATE TABLE responses(
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    input TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(id, owner)
  );
  CREATE INDEX responses_by_age ON responses(created_us);
)sql";

// log_batches: the record, many of them a row. A record's place is its number in the order of
// writing and about the microsecond of that. `seq` is the place of a row's first record, `last`
// that of its last one, and the others stand between them without a gap; so rows are only ever
// appended to the table's tree. There is no other index: one over random keys (ids, trace ids)
// would touch a page for every record. Ids are found through the time they hold; see
// sqlite_log_reader.h.
constexpr const char* kThird = R"sql(
  CREATE TABLE log_batches(
    seq INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    records BLOB NOT NULL
  );
)sql";

Result<void> replace_rows_by_batches(Database& database) {
  if (Result<void> made = database.run(kThird); !made) return made;
  if (Result<void> packed = pack_older_rows(database); !packed) return packed;
  return database.run("DROP TABLE logs");
}

using Migration = Result<void> (*)(Database&);
constexpr std::array kMigrations = {
    Migration([](Database& database) { return database.run(kFirst); }),
    Migration([](Database& database) { return database.run(kSecond); }),
    Migration(replace_rows_by_batches),
};
constexpr auto kNewest = static_cast<std::int64_t>(kMigrations.size());

// A page is no bigger than a full row of log_batches (packed_records.h): a batch that fills half of
// one is written as one page, with two more of the tree.
constexpr const char* kSettings =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "PRAGMA secure_delete = FAST; PRAGMA journal_size_limit = 67108864;"
    "PRAGMA cache_size = -256;";  // KiB: the record is only ever appended to

Result<std::int64_t> version_of(Database& database) {
  const Result<std::optional<std::int64_t>> version = database.integer("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (version->value_or(0) > kNewest) {
    return fail(store_error("The store " + database.file().string() +
                            " was written by a newer version of gatehouse. Use that version, or "
                            "another data folder."));
  }
  return version->value_or(0);
}

Result<void> migrate(Database& database) {
  Result<std::int64_t> version = version_of(database);
  if (!version) return fail(std::move(version.error()));
  if (*version == kNewest) return {};
  Result<Transaction> transaction = Transaction::begin(database);
  if (!transaction) return fail(std::move(transaction.error()));
  version = version_of(database);  // another process may have been quicker
  if (!version) return fail(std::move(version.error()));
  for (auto next = static_cast<std::size_t>(*version); next < kMigrations.size(); ++next) {
    if (Result<void> run = kMigrations[next](database); !run) return run;
  }
  const std::string done = "PRAGMA user_version = " + std::to_string(kNewest);
  if (Result<void> run = database.run(done.c_str()); !run) return run;
  return transaction->commit();
}

}  // namespace

Result<std::unique_ptr<Database>> open_for_writing(const std::filesystem::path& data_folder) {
  auto database = Database::open(data_folder / kDatabaseName, Access::read_write);
  if (!database) return database;
  if (Result<void> run = (*database)->run(kSettings); !run) return fail(std::move(run.error()));
  if (Result<void> done = migrate(**database); !done) return fail(std::move(done.error()));
  return database;
}

Result<std::unique_ptr<Database>> open_for_reading(const std::filesystem::path& data_folder) {
  auto database = Database::open(data_folder / kDatabaseName, Access::read_only);
  if (!database) return database;
  const Result<std::int64_t> version = version_of(**database);
  if (!version) return fail(version.error());
  if (*version < kNewest) {
    return fail(store_error("The store " + (*database)->file().string() +
                            " is empty or was written by an older version of gatehouse. Start the "
                            "gateway once: it makes the store ready."));
  }
  return database;
}

}  // namespace gatehouse::store
