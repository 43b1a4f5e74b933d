#include "store/sqlite/log_batches.h"

#include <algorithm>
#include <utility>

#include "base/ids.h"

namespace gatehouse::store {
namespace {

std::int64_t micros(WallTime time) { return time.time_since_epoch().count(); }

std::span<const std::uint8_t> bytes_of(std::string_view blob) {
  return {reinterpret_cast<const std::uint8_t*>(blob.data()), blob.size()};
}

std::string_view text_of(std::span<const std::uint8_t> blob) {
  return {reinterpret_cast<const char*>(blob.data()), blob.size()};
}

}  // namespace

Result<Lags> read_lags(Database& database) {
  const auto least = database.integer("SELECT least FROM lags");
  if (!least) return fail(least.error());
  const auto most = database.integer("SELECT most FROM lags");
  if (!most) return fail(most.error());
  return Lags{least->value_or(0), most->value_or(0)};
}

SeqRange range_of(const logs::LogFilter& filter, SeqRange all, Lags lags) {
  if (filter.since) all.low = std::max(all.low, micros(*filter.since) + lags.least);
  if (filter.until) all.high = std::min(all.high, micros(*filter.until) + lags.most);
  if (filter.after) all.low = std::max(all.low, *filter.after + 1);
  return all;
}

std::optional<std::int64_t> micros_of_id(std::string_view id) {
  const long long millis = millis_of_uuid7(id);
  if (millis < 0) return std::nullopt;
  return static_cast<std::int64_t>(millis) * 1000;
}

Result<BatchWriter> BatchWriter::open(Database& database) {
  auto insert = database.prepare("INSERT INTO log_batches(seq, last, records) VALUES(?, ?, ?)");
  if (!insert) return fail(std::move(insert.error()));
  return BatchWriter(std::move(*insert));
}

Result<void> BatchWriter::write(std::int64_t first, const logs::PackedBatch& batch) {
  const std::int64_t last = first + static_cast<std::int64_t>(batch.size()) - 1;
  lags_.least = std::min(lags_.least, first + batch.delays().least);
  lags_.most = std::max(lags_.most, first + batch.delays().most);
  insert_.bind(1, first).bind(2, last).bind_blob(3, bytes_of(batch.blob()));
  ++rows_;
  return insert_.run();
}

Result<BatchWalk> BatchWalk::start(Database& database, SeqRange range, std::size_t most) {
  Result<Statement> select = database.prepare(
      "SELECT seq, last, records FROM log_batches WHERE seq <= ? ORDER BY seq DESC");
  if (!select) return fail(std::move(select.error()));
  select->bind(1, range.high);
  return BatchWalk(std::move(*select), range, most);
}

Result<bool> BatchWalk::next_batch() {
  if (stopped_at_) return false;
  const Result<Statement::Step> step = select_.step();
  if (!step) return fail(step.error());
  if (*step == Statement::Step::done) return false;
  const SeqRange batch{select_.integer(0), select_.integer(1)};
  if (batch.high < range_.low) return false;
  if (left_ == 0) {
    stopped_at_ = wanted_.low;
    return false;
  }
  wanted_ = {std::max(batch.low, range_.low), std::min(batch.high, range_.high)};
  if (wanted_.high - wanted_.low >= left_) {
    wanted_.low = wanted_.high - left_ + 1;
    stopped_at_ = wanted_.low;
  }
  left_ -= wanted_.high - wanted_.low + 1;
  seq_ = batch.low - 1;
  reader_.open(text_of(select_.blob(2)));
  return true;
}

bool BatchWalk::next_record() {
  while (seq_ < wanted_.high && reader_.next()) {
    if (++seq_ >= wanted_.low) return true;
  }
  return false;
}

}  // namespace gatehouse::store
