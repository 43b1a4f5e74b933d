#include "store/sqlite/sqlite_log_reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite/body_segments.h"
#include "store/sqlite/schema.h"

namespace gatehouse::store {

using logs::LogFilter;
using logs::LogPage;
using logs::LogRecord;

namespace {

struct Found {
  std::int64_t seq;
  LogRecord record;
};

bool passes(const LogFilter& filter, logs::RecordReader& at) {
  if (!filter.trace_id.empty()) at.read_trace_id();
  return matches(filter, at.record());
}

/// The records of the walk's batch that pass, the oldest first.
void find_passing(const LogFilter& filter, BatchWalk& walk, std::vector<Found>& found) {
  found.clear();
  while (walk.next_record()) {
    if (!passes(filter, walk.at())) continue;
    found.push_back({walk.seq(), walk.at().whole_record()});
  }
}

/// Where the record with this id can stand.
SeqRange range_of_id(std::string_view id, Lags lags) {
  constexpr std::int64_t kMillisecond = 1000;  // the id says no more precisely
  const auto began = micros_of_id(id);
  if (began) return {*began + lags.least, *began + kMillisecond + lags.most};
  return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
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
  const Result<SeqRange> all = all_places();
  if (!all) return fail(all.error());
  const Result<Lags> lags = read_lags(*database_);
  if (!lags) return fail(lags.error());
  const SeqRange range = range_of(filter, *all, *lags);
  LogPage page;
  page.head = all->high;
  if (Result<void> read = read_page(filter, range, page); !read) {
    return fail(std::move(read.error()));
  }
  if (Result<void> read = read_total(filter, range, page); !read) {
    return fail(std::move(read.error()));
  }
  return page;
}

Result<SeqRange> SqliteLogReader::all_places() {
  const auto low = database_->integer("SELECT min(seq) FROM log_batches");
  if (!low) return fail(low.error());
  const auto high = database_->integer("SELECT last FROM log_batches ORDER BY seq DESC LIMIT 1");
  if (!high) return fail(high.error());
  return SeqRange{low->value_or(0), high->value_or(0)};
}

Result<void> SqliteLogReader::read_page(const LogFilter& filter, SeqRange range, LogPage& page) {
  if (filter.before) range.high = std::min(range.high, *filter.before - 1);
  Result<BatchWalk> walk = BatchWalk::start(*database_, range, logs::kMaxScanned);
  if (!walk) return fail(std::move(walk.error()));
  const std::size_t limit = std::clamp<std::size_t>(filter.limit, 1, logs::kMaxLimit);
  std::int64_t last_shown = 0;
  std::vector<Found> found;
  Result<bool> has_batch = walk->next_batch();
  for (; has_batch && *has_batch; has_batch = walk->next_batch()) {
    find_passing(filter, *walk, found);
    for (Found& one : found | std::views::reverse) {
      if (page.records.size() == limit) {
        page.next = last_shown;
        return {};
      }
      page.records.push_back(std::move(one.record));
      last_shown = one.seq;
    }
  }
  if (!has_batch) return fail(std::move(has_batch.error()));
  page.next = walk->stopped_at();
  return {};
}

Result<void> SqliteLogReader::read_total(const LogFilter& filter, SeqRange range, LogPage& page) {
  if (filter.counting == logs::Counting::none) return {};
  Result<BatchWalk> walk = BatchWalk::start(*database_, range, logs::kMaxCounted);
  if (!walk) return fail(std::move(walk.error()));
  Result<bool> has_batch = walk->next_batch();
  for (; has_batch && *has_batch; has_batch = walk->next_batch()) {
    while (walk->next_record()) page.total += passes(filter, walk->at()) ? 1 : 0;
  }
  if (!has_batch) return fail(std::move(has_batch.error()));
  page.is_total_exact = !walk->stopped_at();
  return {};
}

Result<LogRecord> SqliteLogReader::find(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  const Result<Lags> lags = read_lags(*database_);
  if (!lags) return fail(lags.error());
  constexpr auto kAll = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
  Result<BatchWalk> walk = BatchWalk::start(*database_, range_of_id(id, *lags), kAll);
  if (!walk) return fail(std::move(walk.error()));
  Result<bool> has_batch = walk->next_batch();
  for (; has_batch && *has_batch; has_batch = walk->next_batch()) {
    while (walk->next_record()) {
      if (walk->at().id() != id) continue;
      LogRecord record = walk->at().whole_record();
      read_bodies(bodies_folder(data_folder_), walk->at().body(), record);
      return record;
    }
  }
  if (!has_batch) return fail(std::move(has_batch.error()));
  return fail(client_error(ErrorCode::not_found,
                           "There is no log record with the id `" + std::string(id) + "`."));
}

}  // namespace gatehouse::store
