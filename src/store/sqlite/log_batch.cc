// INSERT INTO logs(seq, id, ..) SELECT batch_seq(), batch_id(), .. FROM log_batch
//
// `log_batch` is an eponymous-only virtual table (https://sqlite.org/vtab.html): it needs no
// CREATE, and leaves nothing behind in the file. It has rows, but its columns are functions: SQLite
// calls a function in half the time in which it asks a virtual table for a column.
#include "store/sqlite/log_batch.h"

#include <sqlite3.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>

#include "logs/record_details.h"
#include "store/sqlite/log_rows.h"

namespace gatehouse::store {
namespace {

using logs::LogRecord;
using std::chrono::microseconds;

LogBatch& batch_of(sqlite3_context* context) {
  return *static_cast<LogBatch*>(sqlite3_user_data(context));
}

const LogRecord& record_of(sqlite3_context* context) {
  const LogBatch& batch = batch_of(context);
  return *batch.records[batch.row];
}

void give(sqlite3_context* to, std::int64_t value) { sqlite3_result_int64(to, value); }

void give(sqlite3_context* to, microseconds value) { give(to, std::int64_t{value.count()}); }

/// Without a result it is NULL.
template <class Value>
void give(sqlite3_context* to, const std::optional<Value>& value) {
  if (value) give(to, *value);
}

/// An empty text takes no room as NULL, and no filter asks for it. SQLite refuses a text of more
/// than 10^9 bytes.
void give(sqlite3_context* to, const std::string& text) {
  if (text.empty()) return;
  sqlite3_result_text(to, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

template <std::string LogRecord::* kMember>
void give_text(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) {
  give(to, record_of(to).*kMember);
}

template <auto kMember>
void give_time(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) {
  give(to, record_of(to).times.*kMember);
}

template <auto kMember>
void give_count(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) {
  give(to, record_of(to).tokens.*kMember);
}

/// For all rows but the first SQLite itself counts on from the greatest `seq` that there is,
/// quicker than it looks up whether one that it is told is free.
void give_seq(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) {
  if (const LogBatch& batch = batch_of(to); batch.row == 0) give(to, batch.first_seq);
}

void give_started(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) {
  give(to, record_of(to).started.time_since_epoch());
}

void give_status(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) {
  give(to, std::int64_t{record_of(to).status});
}

void give_flags(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) {
  give(to, flags_of(record_of(to)));
}

void give_cost(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) {
  give(to, record_of(to).cost_nano_usd);
}

void give_body(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) {
  const LogBatch& batch = batch_of(to);
  give(to, batch.places[batch.row]);
}

void give_details(sqlite3_context* to, int /*argc*/, sqlite3_value** /*argv*/) noexcept {
  LogBatch& batch = batch_of(to);
  batch.details.clear();
  logs::append_details(batch.details, *batch.records[batch.row]);
  give(to, batch.details);
}

struct Column {
  const char* function;
  void (*give)(sqlite3_context*, int, sqlite3_value**);
};

/// In the order of kRowColumns.
constexpr std::array kColumns = {
    Column{"batch_seq", give_seq},
    Column{"batch_id", give_text<&LogRecord::id>},
    Column{"batch_trace_id", give_text<&LogRecord::trace_id>},
    Column{"batch_started", give_started},
    Column{"batch_key_id", give_text<&LogRecord::key_id>},
    Column{"batch_user", give_text<&LogRecord::user>},
    Column{"batch_endpoint", give_text<&LogRecord::endpoint>},
    Column{"batch_provider", give_text<&LogRecord::provider>},
    Column{"batch_model", give_text<&LogRecord::model>},
    Column{"batch_answered_model", give_text<&LogRecord::answered_model>},
    Column{"batch_status", give_status},
    Column{"batch_flags", give_flags},
    Column{"batch_total_us", give_time<&logs::RecordTimes::total>},
    Column{"batch_gateway_us", give_time<&logs::RecordTimes::gateway>},
    Column{"batch_first_byte_us", give_time<&logs::RecordTimes::first_byte>},
    Column{"batch_prompt_tokens", give_count<&logs::TokenCounts::prompt>},
    Column{"batch_completion_tokens", give_count<&logs::TokenCounts::completion>},
    Column{"batch_cost_nano_usd", give_cost},
    Column{"batch_body", give_body},
    Column{"batch_details", give_details},
};

struct Table : sqlite3_vtab {
  LogBatch* batch = nullptr;
};

struct Cursor : sqlite3_vtab_cursor {
  LogBatch* batch = nullptr;
};

LogBatch& batch_of(sqlite3_vtab_cursor* cursor) { return *static_cast<Cursor*>(cursor)->batch; }

int connect(sqlite3* database, void* batch, sqlite3_vtab** into) noexcept {
  const int code = sqlite3_declare_vtab(database, "CREATE TABLE log_batch(unused)");
  if (code != SQLITE_OK) return code;
  auto table = std::make_unique<Table>();
  table->batch = static_cast<LogBatch*>(batch);
  *into = table.release();
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  const std::unique_ptr<Table> gone(static_cast<Table*>(table));
  return SQLITE_OK;
}

int plan(sqlite3_vtab* /*table*/, sqlite3_index_info* /*plan*/) { return SQLITE_OK; }

int open(sqlite3_vtab* table, sqlite3_vtab_cursor** into) noexcept {
  auto cursor = std::make_unique<Cursor>();
  cursor->batch = static_cast<Table*>(table)->batch;
  *into = cursor.release();
  return SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
  const std::unique_ptr<Cursor> gone(static_cast<Cursor*>(cursor));
  return SQLITE_OK;
}

int rewind(sqlite3_vtab_cursor* cursor, int /*plan*/, const char* /*name*/, int /*argc*/,
           sqlite3_value** /*argv*/) {
  batch_of(cursor).row = 0;
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
  ++batch_of(cursor).row;
  return SQLITE_OK;
}

int is_at_end(sqlite3_vtab_cursor* cursor) {
  const LogBatch& batch = batch_of(cursor);
  return static_cast<int>(batch.row == batch.records.size());
}

int give_nothing(sqlite3_vtab_cursor* /*cursor*/, sqlite3_context* /*to*/, int /*column*/) {
  return SQLITE_OK;
}

int give_row_number(sqlite3_vtab_cursor* cursor, sqlite3_int64* into) {
  *into = static_cast<sqlite3_int64>(batch_of(cursor).row);
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
  module.xColumn = give_nothing;
  module.xRowid = give_row_number;
  return module;
}
constexpr sqlite3_module kModule = batch_module();

}  // namespace

Result<Statement> prepare_insert(Database& database, LogBatch& batch) {
  sqlite3* const raw = database.raw();
  if (sqlite3_create_module(raw, "log_batch", &kModule, &batch) != SQLITE_OK) {
    return fail(database.last_error());
  }
  std::string calls;
  for (const Column& column : kColumns) {
    if (sqlite3_create_function(raw, column.function, 0, SQLITE_UTF8, &batch, column.give, nullptr,
                                nullptr) != SQLITE_OK) {
      return fail(database.last_error());
    }
    calls.append(calls.empty() ? "" : ", ").append(column.function).append("()");
  }
  return database.prepare("INSERT INTO logs(" + std::string(kRowColumns) + ") SELECT " + calls +
                          " FROM log_batch");
}

}  // namespace gatehouse::store
