// A thin layer over SQLite's C interface: handles that close themselves, errors as values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace gatehouse::store {

class Database;

/// A prepared statement. Parameters count from 1, columns from 0. Texts and blobs are bound by
/// reference: they must live until the next `reset`. One thread at a time, and no longer than its
/// Database.
class Statement {
 public:
  enum class Step : std::uint8_t { row, done };

  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, std::string_view text);
  Statement& bind_blob(int at, std::span<const std::uint8_t> bytes);
  Statement& bind_null(int at);
  Statement& bind(int at, std::optional<std::int64_t> value);

  /// Error: store.
  Result<Step> step();
  /// For statements without rows: step, then reset.
  Result<void> run();
  /// Makes it ready for the next use; parameters keep their values.
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;
  /// Valid until the next step or reset.
  std::string_view text(int column) const;
  std::span<const std::uint8_t> blob(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(Database& database, sqlite3_stmt* statement);

  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

enum class Access : std::uint8_t {
  read_write,  // makes the file and its folder if need be, readable by the owner only
  read_only,   // the file must exist; works while another process writes
};

/// One connection. One thread at a time. Neither copied nor moved: statements point at it.
class Database {
 public:
  /// For a lock that another connection holds.
  static constexpr int kBusyTimeoutMs = 2000;

  /// Error: store; not_found if there is no such file to read.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file, Access access);

  /// Statements without parameters and rows, separated by semicolons. Error: store.
  Result<void> run(const char* sql);
  /// Error: store, also when the SQL is wrong.
  Result<Statement> prepare(std::string_view sql);
  /// The one integer that a query gives; none if it gives no row.
  Result<std::optional<std::int64_t>> integer(std::string_view sql);

  /// The last failure of this connection, as an Error that names the file and what to do.
  Error last_error() const;
  /// Whether the last failure was that a row clashes with another one.
  bool is_constraint_failure() const;
  /// Whether the last failure was that the file is no database, or a broken one.
  bool is_damaged() const;
  /// Whether the file was removed or replaced since it was opened.
  bool has_moved() const;
  /// The rows that the last statement changed.
  std::int64_t changes() const;
  sqlite3* raw() const { return database_.get(); }
  const std::filesystem::path& file() const { return file_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  Database(std::filesystem::path file, sqlite3* database);

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> database_;
};

/// Rolls back unless it was committed.
class Transaction {
 public:
  /// Takes the write lock at once, so that it does not fail half-way for want of it.
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

Error store_error(std::string message);

/// What an operator can do after the system has refused a write with this errno: a sentence.
std::string_view advice_for_errno(int code);

}  // namespace gatehouse::store
