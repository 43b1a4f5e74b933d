// An eponymous-only virtual table (https://sqlite.org/vtab.html): it needs no CREATE, and leaves
// nothing behind in the file.
#include "store/sqlite/log_batch.h"

#include <sqlite3.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "logs/record_details.h"
#include "store/sqlite/log_rows.h"

namespace gatehouse::store {
namespace {

using std::chrono::microseconds;

struct Table : sqlite3_vtab {
  const LogBatch* batch = nullptr;
};

struct Cursor : sqlite3_vtab_cursor {
  const LogBatch* batch = nullptr;
  std::size_t row = 0;
  const logs::LogRecord* record = nullptr;  // of the row
  std::string details;                      // of the row
};

Cursor& cursor_of(sqlite3_vtab_cursor* cursor) { return static_cast<Cursor&>(*cursor); }

void give(sqlite3_context* to, std::int64_t value) { sqlite3_result_int64(to, value); }

void give(sqlite3_context* to, microseconds value) { give(to, std::int64_t{value.count()}); }

/// Without a result a column is NULL.
template <class Value>
void give(sqlite3_context* to, const std::optional<Value>& value) {
  if (value) give(to, *value);
}

/// An empty text takes no room as NULL, and no filter asks for it.
void give(sqlite3_context* to, const std::string& text) {
  if (text.empty()) return;
  sqlite3_result_text(to, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

/// SQLite itself counts on from the greatest `seq` that there is, quicker than it looks up whether
/// one that it is told is free.
void give_seq(sqlite3_context* to, const Cursor& cursor) {
  if (cursor.row == 0) give(to, cursor.batch->first_seq);
}

// NOLINTNEXTLINE(readability-function-size): a column a line
int give_column(sqlite3_vtab_cursor* at, sqlite3_context* to, int column) noexcept {
  const Cursor& cursor = cursor_of(at);
  const logs::LogRecord& record = *cursor.record;
  switch (static_cast<Column>(column)) {
    case Column::seq: give_seq(to, cursor); break;
    case Column::id: give(to, record.id); break;
    case Column::trace_id: give(to, record.trace_id); break;
    case Column::started: give(to, record.started.time_since_epoch()); break;
    case Column::key_id: give(to, record.key_id); break;
    case Column::user: give(to, record.user); break;
    case Column::endpoint: give(to, record.endpoint); break;
    case Column::provider: give(to, record.provider); break;
    case Column::model: give(to, record.model); break;
    case Column::answered_model: give(to, record.answered_model); break;
    case Column::status: give(to, std::int64_t{record.status}); break;
    case Column::flags: give(to, flags_of(record)); break;
    case Column::total_us: give(to, record.times.total); break;
    case Column::gateway_us: give(to, record.times.gateway); break;
    case Column::first_byte_us: give(to, record.times.first_byte); break;
    case Column::prompt_tokens: give(to, record.tokens.prompt); break;
    case Column::completion_tokens: give(to, record.tokens.completion); break;
    case Column::cost_nano_usd: give(to, record.cost_nano_usd); break;
    case Column::body: give(to, cursor.batch->places[cursor.row]); break;
    case Column::details: give(to, cursor.details); break;
  }
  return SQLITE_OK;
}

int connect(sqlite3* database, void* batch, sqlite3_vtab** into) {
  const std::string sql = "CREATE TABLE log_batch(" + std::string(kRowColumns) + ")";
  if (const int code = sqlite3_declare_vtab(database, sql.c_str()); code != SQLITE_OK) return code;
  auto table = std::make_unique<Table>();
  table->batch = static_cast<const LogBatch*>(batch);
  *into = table.release();
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  const std::unique_ptr<Table> gone(static_cast<Table*>(table));
  return SQLITE_OK;
}

int plan(sqlite3_vtab* /*table*/, sqlite3_index_info* /*plan*/) { return SQLITE_OK; }

int open(sqlite3_vtab* table, sqlite3_vtab_cursor** into) {
  auto cursor = std::make_unique<Cursor>();
  cursor->batch = static_cast<Table*>(table)->batch;
  *into = cursor.release();
  return SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
  const std::unique_ptr<Cursor> gone(&cursor_of(cursor));
  return SQLITE_OK;
}

int go_to(Cursor& cursor, std::size_t row) noexcept {
  cursor.row = row;
  if (row == cursor.batch->records.size()) return SQLITE_OK;
  cursor.record = cursor.batch->records[row].get();
  cursor.details.clear();
  logs::append_details(cursor.details, *cursor.record);
  return SQLITE_OK;
}

int rewind(sqlite3_vtab_cursor* cursor, int /*plan*/, const char* /*name*/, int /*argc*/,
           sqlite3_value** /*argv*/) {
  return go_to(cursor_of(cursor), 0);
}

int next(sqlite3_vtab_cursor* cursor) {
  return go_to(cursor_of(cursor), cursor_of(cursor).row + 1);
}

int is_at_end(sqlite3_vtab_cursor* cursor) {
  const Cursor& at = cursor_of(cursor);
  return static_cast<int>(at.row == at.batch->records.size());
}

int give_row_number(sqlite3_vtab_cursor* cursor, sqlite3_int64* into) {
  *into = static_cast<sqlite3_int64>(cursor_of(cursor).row);
  return SQLITE_OK;
}

constexpr sqlite3_module batch_module() {
  sqlite3_module module{};
  module.xConnect = [](sqlite3* database, void* batch, int, const char* const*, sqlite3_vtab** into,
                       char**) { return connect(database, batch, into); };
  module.xDisconnect = disconnect;
  module.xBestIndex = plan;
  module.xOpen = open;
  module.xClose = close;
  module.xFilter = rewind;
  module.xNext = next;
  module.xEof = is_at_end;
  module.xColumn = give_column;
  module.xRowid = give_row_number;
  return module;
}
constexpr sqlite3_module kModule = batch_module();

}  // namespace

Result<void> attach_batch(Database& database, const LogBatch& batch) {
  if (sqlite3_create_module(database.raw(), "log_batch", &kModule, const_cast<LogBatch*>(&batch)) !=
      SQLITE_OK) {
    return fail(database.last_error());
  }
  return {};
}

}  // namespace gatehouse::store
