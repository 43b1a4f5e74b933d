// Which records a reader wants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "logs/log_record.h"

namespace gatehouse::logs {

/// A record's place in the order in which the store wrote records; only ever grows.
using LogPosition = std::int64_t;

/// 404 is {404, 404}, 5xx is {500, 599}.
struct StatusRange {
  int low = 0;
  int high = 0;
};

enum class Counting : std::uint8_t {
  none,    // `total` is not wanted and stays 0
  capped,  // see LogPage::total
};

inline constexpr std::size_t kDefaultLimit = 50;
inline constexpr std::size_t kMaxLimit = 1000;

/// All conditions must hold. An empty text, list or optional does not restrict.
struct LogFilter {
  Pairs metadata;  // each must be there with exactly this value
  Pairs headers;   // names in lower case
  std::string trace_id;
  std::string provider;
  std::string model;  // the model asked for or the model that answered
  std::string user;
  std::string organization;
  std::string endpoint;
  std::string key_id;
  std::vector<StatusRange> statuses;  // any of them
  std::optional<Ending> ending;
  std::optional<WallTime> since;  // started at or after
  std::optional<WallTime> until;  // started before

  std::optional<LogPosition> before;  // the cursor: only records older than this place
  std::optional<LogPosition> after;   // only records newer than this place (to follow the log)
  std::size_t limit = kDefaultLimit;  // 1..kMaxLimit
  Counting counting = Counting::capped;
};

/// Whether a record passes the conditions; `before`, `after` and `limit` are the store's affair.
bool matches(const LogFilter& filter, const LogRecord& record);

}  // namespace gatehouse::logs
