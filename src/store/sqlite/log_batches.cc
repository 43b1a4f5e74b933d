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

Result<void> BatchWriter::add(std::int64_t seq, const logs::LogRecord& record, BodyPlace body) {
  if (size_ > 0 && (packer_.is_full() || seq != first_ + size_)) {
    if (Result<void> written = finish(); !written) return written;
  }
  if (size_ == 0) {
    packer_.begin();
    first_ = seq;
  }
  widen_lags(seq, record, packer_.add(record, body));
  ++size_;
  return {};
}

void BatchWriter::widen_lags(std::int64_t seq, const logs::LogRecord& record,
                             const std::optional<UuidBytes>& id) {
  const std::int64_t began = micros(record.started);
  const long long millis = id ? millis_of_uuid7(*id) : -1;
  const std::int64_t says_id = millis < 0 ? began : millis * 1000;
  lags_.least = std::min(lags_.least, seq - std::max(began, says_id));
  lags_.most = std::max(lags_.most, seq - std::min(began, says_id));
}

Result<void> BatchWriter::finish() {
  if (size_ == 0) return {};
  insert_.bind(1, first_).bind(2, first_ + size_ - 1).bind_blob(3, bytes_of(packer_.blob()));
  size_ = 0;
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
