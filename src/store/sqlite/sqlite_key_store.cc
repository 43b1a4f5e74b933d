#include "store/sqlite/sqlite_key_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "store/sqlite/schema.h"

namespace gatehouse::store {
namespace {

using auth::GatewayKey;

constexpr std::string_view kSelect =
    "SELECT id, name, hash, hint, scopes, source, created_us, expires_us, revoked_us"
    " FROM gateway_keys ";
constexpr std::string_view kInsert = "INSERT INTO gateway_keys VALUES(?,?,?,?,?,?,?,?,?)";

std::optional<std::int64_t> micros(const std::optional<WallTime>& time) {
  if (!time) return std::nullopt;
  return time->time_since_epoch().count();
}

std::optional<WallTime> time_column(const Statement& select, int column) {
  const auto value = select.optional_integer(column);
  if (!value) return std::nullopt;
  return WallTime(std::chrono::microseconds(*value));
}

GatewayKey read_key(const Statement& select) {
  GatewayKey key;
  key.id = select.text(0);
  key.name = select.text(1);
  const auto hash = select.blob(2);
  std::copy_n(hash.begin(), std::min(hash.size(), key.hash.size()), key.hash.begin());
  key.hint = select.text(3);
  key.scopes = auth::parse_scopes(select.text(4));
  key.source = auth::key_source_named(select.text(5)).value_or(auth::KeySource::created);
  key.created = WallTime(std::chrono::microseconds(select.integer(6)));
  key.expires = time_column(select, 7);
  key.revoked = time_column(select, 8);
  return key;
}

}  // namespace

Result<std::unique_ptr<SqliteKeyStore>> SqliteKeyStore::open(
    const std::filesystem::path& data_folder) {
  std::unique_ptr<SqliteKeyStore> store(
      new SqliteKeyStore(data_folder));  // NOLINT: private constructor
  if (Result<void> opened = store->open_file(); !opened) return fail(std::move(opened.error()));
  return store;
}

Result<void> SqliteKeyStore::open_file() {
  read_revision_.reset();
  auto database = open_for_writing(data_folder_);
  if (!database) return fail(std::move(database.error()));
  // A key that was shown to somebody must survive a power failure.
  if (Result<void> run = (*database)->run("PRAGMA synchronous = FULL"); !run) return run;
  auto revision =
      (*database)->prepare("SELECT revision FROM revisions WHERE name = 'gateway_keys'");
  if (!revision) return fail(std::move(revision.error()));
  database_ = std::move(*database);
  read_revision_ = std::move(*revision);
  return {};
}

Result<std::int64_t> SqliteKeyStore::revision() {
  const Result<Statement::Step> step = read_revision_->step();
  const std::int64_t revision =
      step && *step == Statement::Step::row ? read_revision_->integer(0) : 0;
  read_revision_->reset();
  if (!step) return fail(step.error());
  return revision;
}

Result<std::vector<GatewayKey>> SqliteKeyStore::list() {
  const std::scoped_lock lock(mutex_);
  // The revision first: a key added between the two is then seen as a change.
  const Result<std::int64_t> now = revision();
  if (!now) return fail(now.error());
  Result<Statement> select =
      database_->prepare(std::string(kSelect) + "ORDER BY created_us, rowid");
  if (!select) return fail(std::move(select.error()));
  std::vector<GatewayKey> keys;
  while (true) {
    const Result<Statement::Step> step = select->step();
    if (!step) return fail(step.error());
    if (*step == Statement::Step::done) break;
    keys.push_back(read_key(*select));
  }
  listed_revision_ = *now;
  return keys;
}

Result<std::optional<GatewayKey>> SqliteKeyStore::find(const auth::KeyHash& hash) {
  const std::scoped_lock lock(mutex_);
  Result<Statement> select = database_->prepare(std::string(kSelect) + "WHERE hash = ?");
  if (!select) return fail(std::move(select.error()));
  const Result<Statement::Step> step = select->bind_blob(1, hash).step();
  if (!step) return fail(step.error());
  if (*step == Statement::Step::done) return std::optional<GatewayKey>{};
  return std::optional(read_key(*select));
}

Result<void> SqliteKeyStore::add(const GatewayKey& key) {
  const std::scoped_lock lock(mutex_);
  Result<Statement> insert = database_->prepare(kInsert);
  if (!insert) return fail(std::move(insert.error()));
  const std::string scopes = auth::format_scopes(key.scopes);
  insert->bind(1, std::string_view(key.id)).bind(2, std::string_view(key.name));
  insert->bind_blob(3, key.hash).bind(4, std::string_view(key.hint));
  insert->bind(5, std::string_view(scopes)).bind(6, auth::name_of(key.source));
  insert->bind(7, micros(key.created)).bind(8, micros(key.expires)).bind(9, micros(key.revoked));
  Result<void> added = insert->run();
  if (!added && database_->is_constraint_failure()) {
    return fail(store_error("The gateway key '" + key.name + "' is in the store already."));
  }
  return added;
}

Result<void> SqliteKeyStore::revoke(std::string_view id, WallTime now) {
  const std::scoped_lock lock(mutex_);
  Result<Statement> update = database_->prepare(
      "UPDATE gateway_keys SET revoked_us = coalesce(revoked_us, ?) WHERE id = ?");
  if (!update) return fail(std::move(update.error()));
  if (Result<void> run = update->bind(1, micros(now)).bind(2, id).run(); !run) return run;
  if (database_->changes() > 0) return {};
  return fail(client_error(ErrorCode::not_found, "There is no gateway key with the id `" +
                                                     std::string(id) +
                                                     "`. `gatehouse keys list` shows all."));
}

Result<bool> SqliteKeyStore::changed() {
  const std::scoped_lock lock(mutex_);
  if (database_->has_moved()) {
    if (Result<void> opened = open_file(); !opened) return fail(std::move(opened.error()));
    return true;
  }
  const Result<std::int64_t> now = revision();
  if (!now) return fail(now.error());
  return *now != listed_revision_;
}

}  // namespace gatehouse::store
