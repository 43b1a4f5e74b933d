// Where the record of all requests is kept. store/ implements it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "logs/log_filter.h"
#include "logs/log_record.h"
#include "logs/packed_batch.h"

namespace gatehouse::logs {

/// A query looks at this many records at most, so that no filter can occupy the store for long.
/// When it stops there, the page is short and has a cursor: go on from that.
inline constexpr std::size_t kMaxScanned = 200'000;
/// The total is counted over this many records at most.
inline constexpr std::size_t kMaxCounted = 10'000;

struct LogPage {
  std::vector<LogRecord> records;   // newest first, without bodies
  std::optional<LogPosition> next;  // the cursor of the next page; none: that was all
  LogPosition head = 0;             // the newest place of the store when it was asked
  /// How many of the newest kMaxCounted records pass the filter, whatever the cursor. Exact if that
  /// covered the whole range asked for, otherwise there may be more.
  std::uint64_t total = 0;
  bool is_total_exact = true;
};

/// Newest first means: the order in which answers ended, not in which requests began.
///
/// Threads: `append` and `tidy` belong to one thread, the writer's. `query` and `find` may be
/// called from any thread, also while the writer writes; they wait for the disk, so never from an
/// event loop. Errors: ErrorCode::store, saying which file and what to do; `find` also not_found.
/// Fail-open: a store that fails costs records, never an answer. LogWriter keeps that promise: it
/// retries, then drops and counts.
class LogStore {
 public:
  virtual ~LogStore() = default;
  /// All records or, with an error, none. Says in the batches where it keeps their bodies.
  virtual Result<void> append(std::span<PackedBatch> batches) = 0;
  virtual Result<LogPage> query(const LogFilter& filter) = 0;
  /// One record with its bodies.
  virtual Result<LogRecord> find(std::string_view id) = 0;
  /// One small step of retention; LogWriter calls it about once a second.
  virtual Result<void> tidy() = 0;
};

}  // namespace gatehouse::logs
