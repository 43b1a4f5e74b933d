#include "store/sqlite/sqlite_response_store.h"

#include <string>
#include <utility>

#include "store/sqlite/schema.h"

namespace gatehouse::store {

using responses::StoredResponse;

namespace {

std::int64_t micros(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace

Result<std::unique_ptr<SqliteResponseStore>> SqliteResponseStore::open(
    const std::filesystem::path& data_folder) {
  auto database = open_for_writing(data_folder);
  if (!database) return fail(std::move(database.error()));
  return std::unique_ptr<SqliteResponseStore>(
      new SqliteResponseStore(std::move(*database)));  // NOLINT: private constructor
}

Result<void> SqliteResponseStore::put(const StoredResponse& response) {
  const std::scoped_lock lock(mutex_);
  Result<Statement> forget = database_->prepare("DELETE FROM responses WHERE created_us < ?");
  if (!forget) return fail(std::move(forget.error()));
  const std::int64_t oldest = micros(response.created - responses::kKept);
  if (Result<void> done = forget->bind(1, oldest).run(); !done) return done;
  Result<Statement> insert =
      database_->prepare("INSERT OR REPLACE INTO responses VALUES(?,?,?,?,?)");
  if (!insert) return fail(std::move(insert.error()));
  insert->bind(1, std::string_view(response.id)).bind(2, std::string_view(response.owner));
  insert->bind(3, micros(response.created)).bind(4, std::string_view(response.input));
  return insert->bind(5, std::string_view(response.body)).run();
}

Result<std::optional<StoredResponse>> SqliteResponseStore::find(std::string_view id,
                                                                std::string_view owner) {
  const std::scoped_lock lock(mutex_);
  Result<Statement> select = database_->prepare(
      "SELECT created_us, input, body FROM responses WHERE id = ? AND owner = ?");
  if (!select) return fail(std::move(select.error()));
  const Result<Statement::Step> step = select->bind(1, id).bind(2, owner).step();
  if (!step) return fail(step.error());
  if (*step == Statement::Step::done) return std::optional<StoredResponse>();
  StoredResponse found;
  found.id = id;
  found.owner = owner;
  found.created = WallTime(std::chrono::microseconds(select->integer(0)));
  found.input = select->text(1);
  found.body = select->text(2);
  return std::optional(std::move(found));
}

Result<bool> SqliteResponseStore::remove(std::string_view id, std::string_view owner) {
  const std::scoped_lock lock(mutex_);
  Result<Statement> remove = database_->prepare("DELETE FROM responses WHERE id = ? AND owner = ?");
  if (!remove) return fail(std::move(remove.error()));
  if (Result<void> run = remove->bind(1, id).bind(2, owner).run(); !run) return fail(run.error());
  return database_->changes() > 0;
}

}  // namespace gatehouse::store
