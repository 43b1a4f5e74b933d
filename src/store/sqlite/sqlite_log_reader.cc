#include "store/sqlite/sqlite_log_reader.h"

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "store/sqlite/schema.h"

namespace gatehouse::store {
namespace {

using logs::LogFilter;
using logs::LogPage;
using logs::LogRecord;

std::string select_rows(std::string_view where) {
  return "SELECT " + std::string(kRowColumns) + " FROM logs WHERE " + std::string(where);
}

}  // namespace

Result<std::unique_ptr<SqliteLogReader>> SqliteLogReader::open(
    const std::filesystem::path& data_folder) {
  auto database = open_for_reading(data_folder);
  if (!database) return fail(std::move(database.error()));
  return std::unique_ptr<SqliteLogReader>(
      new SqliteLogReader(data_folder, std::move(*database)));  // NOLINT: private constructor
}

Result<LogPage> SqliteLogReader::query(const LogFilter& filter) {
  const std::scoped_lock lock(mutex_);
  // One transaction, so that page, total and head speak of the same moment.
  if (Result<void> begun = database_->run("BEGIN"); !begun) return fail(std::move(begun.error()));
  Result<LogPage> page = query_snapshot(filter);
  static_cast<void>(database_->run("ROLLBACK"));
  return page;
}

Result<LogPage> SqliteLogReader::query_snapshot(const LogFilter& filter) {
  const Result<SeqRange> rows = all_rows();
  if (!rows) return fail(rows.error());
  const Result<Lags> spread = lags();
  if (!spread) return fail(spread.error());
  const SeqRange range = range_of(filter, *rows, *spread);
  LogPage page;
  page.head = rows->high;
  if (Result<void> read = read_page(filter, range, page); !read)
    return fail(std::move(read.error()));
  if (Result<void> read = read_total(filter, range, page); !read) {
    return fail(std::move(read.error()));
  }
  return page;
}

Result<SeqRange> SqliteLogReader::all_rows() {
  const auto low = database_->integer("SELECT min(seq) FROM logs");
  if (!low) return fail(low.error());
  const auto high = database_->integer("SELECT max(seq) FROM logs");
  if (!high) return fail(high.error());
  return SeqRange{low->value_or(0), high->value_or(0)};
}

Result<Lags> SqliteLogReader::lags() {
  const auto least = database_->integer("SELECT least FROM lags");
  if (!least) return fail(least.error());
  const auto most = database_->integer("SELECT most FROM lags");
  if (!most) return fail(most.error());
  return Lags{least->value_or(0), most->value_or(0)};
}

Result<void> SqliteLogReader::read_page(const LogFilter& filter, SeqRange range, LogPage& page) {
  if (filter.before) range.high = std::min(range.high, *filter.before - 1);
  if (range.low > range.high) return {};
  const LogCondition condition(filter);
  Result<Statement> select = database_->prepare(condition.select_seqs());
  if (!select) return fail(std::move(select.error()));
  condition.bind(*select, range, logs::kMaxScanned);
  std::vector<std::int64_t> seqs;
  const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, logs::kMaxLimit);
  while (seqs.size() <= limit) {  // one more than wanted, to know whether there is more
    const Result<Statement::Step> step = select->step();
    if (!step) return fail(step.error());
    if (*step == Statement::Step::done) break;
    seqs.push_back(select->integer(0));
  }
  if (seqs.size() > limit) {
    seqs.pop_back();
    page.next = seqs.back();
  } else {
    const auto last = last_scanned(range, logs::kMaxScanned);
    if (!last) return fail(last.error());
    page.next = *last;
  }
  return read_records(seqs, page);
}

Result<void> SqliteLogReader::read_records(std::span<const std::int64_t> seqs, LogPage& page) {
  Result<Statement> select = database_->prepare(select_rows("seq = ?"));
  if (!select) return fail(std::move(select.error()));
  page.records.reserve(seqs.size());
  for (const std::int64_t seq : seqs) {
    const Result<Statement::Step> step = select->bind(1, seq).step();
    if (!step) return fail(step.error());
    page.records.push_back(read_row(*select).record);
    select->reset();
  }
  return {};
}

/// The row at which a walk over `scanned` rows of the range ends, if there are more behind it.
Result<std::optional<std::int64_t>> SqliteLogReader::last_scanned(SeqRange range,
                                                                  std::size_t scanned) {
  Result<Statement> select = database_->prepare(
      "SELECT seq FROM logs WHERE seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT 2 OFFSET ?");
  if (!select) return fail(std::move(select.error()));
  select->bind(1, range.low).bind(2, range.high).bind(3, static_cast<std::int64_t>(scanned) - 1);
  Result<Statement::Step> step = select->step();
  if (!step) return fail(std::move(step.error()));
  if (*step == Statement::Step::done) return std::optional<std::int64_t>{};
  const std::int64_t last = select->integer(0);
  step = select->step();
  if (!step) return fail(std::move(step.error()));
  if (*step == Statement::Step::done) return std::optional<std::int64_t>{};
  return std::optional(last);
}

Result<void> SqliteLogReader::read_total(const LogFilter& filter, SeqRange range, LogPage& page) {
  if (filter.counting == logs::Counting::none) return {};
  const LogCondition condition(filter);
  Result<Statement> count = database_->prepare(condition.count());
  if (!count) return fail(std::move(count.error()));
  condition.bind(*count, range, logs::kMaxCounted);
  if (const Result<Statement::Step> step = count->step(); !step) return fail(step.error());
  page.total = static_cast<std::uint64_t>(count->integer(0));
  const auto last = last_scanned(range, logs::kMaxCounted);
  if (!last) return fail(last.error());
  page.is_total_exact = !last->has_value();
  return {};
}

Result<LogRecord> SqliteLogReader::find(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  Result<std::optional<Row>> row = find_row(id);
  if (!row) return fail(std::move(row.error()));
  if (!row->has_value()) {
    return fail(client_error(ErrorCode::not_found,
                             "There is no log record with the id `" + std::string(id) + "`."));
  }
  LogRecord record = std::move((*row)->record);
  read_bodies(bodies_folder(data_folder_), (*row)->body, record);
  return record;
}

Result<std::optional<Row>> SqliteLogReader::find_row(std::string_view id) {
  const Result<Lags> spread = lags();
  if (!spread) return fail(spread.error());
  SeqRange range{std::numeric_limits<std::int64_t>::min(),
                 std::numeric_limits<std::int64_t>::max()};
  if (const auto began = micros_of_id(id)) {
    constexpr std::int64_t kMillisecond = 1000;  // the id says no more precisely
    range = {*began + spread->least, *began + kMillisecond + spread->most};
  }
  Result<Statement> select = database_->prepare(select_rows("seq BETWEEN ? AND ? AND id = ?"));
  if (!select) return fail(std::move(select.error()));
  select->bind(1, range.low).bind(2, range.high).bind(3, id);
  const Result<Statement::Step> step = select->step();
  if (!step) return fail(step.error());
  if (*step == Statement::Step::done) return std::optional<Row>{};
  return std::optional<Row>(read_row(*select));
}

}  // namespace gatehouse::store
