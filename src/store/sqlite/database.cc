#include "store/sqlite/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

namespace gatehouse::store {
namespace {

/// What an operator can do about a result code.
std::string_view advice(int code, int system_code) {
  switch (code & 0xFF) {
    case SQLITE_FULL: return advice_for_errno(ENOSPC);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "Another program holds a lock on it; let it finish or end it.";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "The file is damaged. Move it away, with its -wal and -shm files, to start afresh; "
             "`sqlite3 FILE .recover` may save the rest.";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH: return "Check the owner and the permissions of the file and its folder.";
    case SQLITE_IOERR:
      if (system_code != 0) return advice_for_errno(system_code);
      return "Check whether the disk is full, a quota or the limit on the size of files (ulimit "
             "-f) "
             "is reached, and what the system's log says of the disk.";
    default: return "";
  }
}

/// Settings of the library that must be made before its first use.
void configure_library() {
  static std::once_flag once;
  // Counting every allocation would take a lock each time, and nobody asks for the count.
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

std::unexpected<Failure> refused(std::string_view what, const std::filesystem::path& path,
                                 int code) {
  std::string message = "Cannot ";
  message.append(what).append(" ").append(path.string()).append(": ");
  message.append(std::system_category().message(code)).append(". ");
  message.append(advice_for_errno(code)).append(" Or choose another folder with --data.");
  return fail(store_error(std::move(message)));
}

/// SQLite gives its journal files the permissions of the database file, so that is made first. A
/// file that exists must not be opened here: closing it again would end the locks that SQLite holds
/// on it elsewhere in this process (fcntl locks belong to the process, not to the descriptor).
Result<void> make_private_file(const std::filesystem::path& file) {
  if (const auto folder = file.parent_path(); !folder.empty()) {
    std::error_code error;
    if (std::filesystem::create_directories(folder, error)) {
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    } else if (error) {
      return refused("make the folder", folder, error.value());
    }
  }
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno == EEXIST) return {};
  if (descriptor < 0) return refused("open", file, errno);
  ::close(descriptor);
  return {};
}

}  // namespace

Error store_error(std::string message) {
  return {ErrorCode::store, Origin::store, std::move(message), {}, {}, {}};
}

std::string_view advice_for_errno(int code) {
  switch (code) {
    case ENOSPC: return "Free some disk space.";
    case EDQUOT: return "Free some disk space, or raise the quota.";
    case EFBIG: return "Raise the limit on the size of files (ulimit -f).";
    case EACCES:
    case EPERM:
    case EROFS: return "Check the owner and the permissions of the file and its folder.";
    default: return "Check the disk and its permissions.";
  }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(Database& database, sqlite3_stmt* statement)
    : database_(&database), statement_(statement) {}

Statement& Statement::bind(int at, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), at, value);
  return *this;
}

Statement& Statement::bind(int at, std::string_view text) {
  // A view without memory would bind NULL.
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement_.get(), at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int at, std::span<const std::uint8_t> bytes) {
  sqlite3_bind_blob64(statement_.get(), at, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_null(int at) {
  sqlite3_bind_null(statement_.get(), at);
  return *this;
}

Statement& Statement::bind(int at, std::optional<std::int64_t> value) {
  return value ? bind(at, *value) : bind_null(at);
}

Result<Statement::Step> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return Step::row;
  if (code == SQLITE_DONE) return Step::done;
  return fail(database_->last_error());
}

Result<void> Statement::run() {
  const Result<Step> stepped = step();
  reset();
  if (!stepped) return fail(stepped.error());
  return {};
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::string_view Statement::text(int column) const {
  const auto* data = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? std::string_view{}
                         : std::string_view(reinterpret_cast<const char*>(data), size);
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {static_cast<const std::uint8_t*>(data), data == nullptr ? 0 : size};
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Database::Database(std::filesystem::path file, sqlite3* database)
    : file_(std::move(file)), database_(database) {}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file, Access access) {
  configure_library();
  if (access == Access::read_write) {
    if (Result<void> made = make_private_file(file); !made) return fail(std::move(made.error()));
  } else if (std::error_code error; !std::filesystem::exists(file, error)) {
    return fail({ErrorCode::not_found,
                 Origin::client,
                 "There is no " + file.string() +
                     ". Start the gateway once, or name its data folder with --data.",
                 {},
                 {},
                 {}});
  }
  const int mode = access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, mode | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(file, raw));  // NOLINT: private constructor
  if (code != SQLITE_OK) return fail(database->last_error());
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  return database;
}

Result<void> Database::run(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return fail(last_error());
  }
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return fail(last_error());
  return Statement(*this, raw);
}

Result<std::optional<std::int64_t>> Database::integer(std::string_view sql) {
  Result<Statement> statement = prepare(sql);
  if (!statement) return fail(std::move(statement.error()));
  const Result<Statement::Step> stepped = statement->step();
  if (!stepped) return fail(stepped.error());
  if (*stepped == Statement::Step::done) return std::optional<std::int64_t>{};
  return statement->optional_integer(0);
}

Error Database::last_error() const {
  const int code = sqlite3_extended_errcode(database_.get());
  std::string message = "The store " + file_.string() + " failed: ";
  message += sqlite3_errmsg(database_.get());
  // "disk I/O error" alone would not say what the system said.
  const bool is_refused_by_system = (code & 0xFF) == SQLITE_IOERR;
  const int system_code = sqlite3_system_errno(database_.get());
  if (is_refused_by_system && system_code != 0) {
    message += " (" + std::system_category().message(system_code) + ")";
  }
  message += '.';
  if (const std::string_view what_to_do = advice(code, system_code); !what_to_do.empty()) {
    message.append(" ").append(what_to_do);
  }
  return store_error(std::move(message));
}

bool Database::is_constraint_failure() const {
  return (sqlite3_extended_errcode(database_.get()) & 0xFF) == SQLITE_CONSTRAINT;
}

bool Database::is_damaged() const {
  const int code = sqlite3_extended_errcode(database_.get()) & 0xFF;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

bool Database::has_moved() const {
  int moved = 0;
  sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

std::int64_t Database::changes() const { return sqlite3_changes64(database_.get()); }

Result<Transaction> Transaction::begin(Database& database) {
  if (Result<void> begun = database.run("BEGIN IMMEDIATE"); !begun) {
    return fail(std::move(begun.error()));
  }
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  if (database_ != nullptr) static_cast<void>(database_->run("ROLLBACK"));
}

Result<void> Transaction::commit() {
  Result<void> committed = database_->run("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace gatehouse::store
