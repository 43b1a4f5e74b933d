// The table `log_batches` (schema.cc): many records in one row, as packed_records.h has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "logs/log_filter.h"
#include "logs/packed_batch.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

/// The places of records to look at, both ends included.
struct SeqRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// By how many microseconds a record's place lies behind the start of its request, at least and at
/// most.
struct Lags {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

/// Those that the table `lags` has. Error: store.
Result<Lags> read_lags(Database& database);

/// The range outside of which no record can pass the filter's times, cut to `all`.
SeqRange range_of(const logs::LogFilter& filter, SeqRange all, Lags lags);

/// The microsecond in which an id says that its request began; nothing if it is no version 7 UUID.
std::optional<std::int64_t> micros_of_id(std::string_view id);

/// Puts records into the table, in rows of a bounded size.
class BatchWriter {
 public:
  /// No longer than the database. Error: store.
  static Result<BatchWriter> open(Database& database);

  /// Begins anew, with bounds that hold for all rows so far.
  void begin(Lags lags) { lags_ = lags; }
  /// A row whose first record has this place, which is behind those of all rows. Error: store.
  Result<void> write(std::int64_t first, const logs::PackedBatch& batch);
  /// Those given to `begin`, widened to hold for all that was written.
  const Lags& lags() const { return lags_; }
  /// How many rows it has written since this was last asked.
  std::int64_t take_count() { return std::exchange(rows_, 0); }

 private:
  explicit BatchWriter(Statement insert) : insert_(std::move(insert)) {}

  Statement insert_;
  std::int64_t rows_ = 0;
  Lags lags_;
};

/// Walks over the records of a range, the newest batch first, within a batch the oldest record
/// first:
///   while (walk.next_batch()) while (walk.next_record()) .. walk.record() ..
class BatchWalk {
 public:
  /// Over the newest `most` records of the range. Error: store.
  static Result<BatchWalk> start(Database& database, SeqRange range, std::size_t most);

  /// False: there are no more, or `most` have been looked at. Error: store.
  Result<bool> next_batch();
  bool next_record();
  std::int64_t seq() const { return seq_; }
  logs::RecordReader& at() { return reader_; }
  /// The last place that it looked at, if it has stopped before the end of the range.
  std::optional<std::int64_t> stopped_at() const { return stopped_at_; }

 private:
  BatchWalk(Statement select, SeqRange range, std::size_t most)
      : select_(std::move(select)), range_(range), left_(static_cast<std::int64_t>(most)) {}

  Statement select_;  // stands on the row whose blob is read
  SeqRange range_;
  std::int64_t left_;
  SeqRange wanted_;  // of the batch at hand
  std::int64_t seq_ = 0;
  logs::RecordReader reader_;
  std::optional<std::int64_t> stopped_at_;
};

}  // namespace gatehouse::store
