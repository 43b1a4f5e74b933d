// A LogFilter as SQL. Nothing from outside stands in the text of a statement; all of it is bound.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "logs/log_filter.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

/// The rows to look at: their `seq`, both ends included.
struct SeqRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// By how many microseconds `seq` lies behind the start of a request, at least and at most.
struct Lags {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

/// The range outside of which no row can pass the filter's times, cut to `rows`.
SeqRange range_of(const logs::LogFilter& filter, SeqRange rows, Lags lags);

/// Its conditions on a row, but for the cursor. Owns the values that are bound.
class LogCondition {
 public:
  explicit LogCondition(const logs::LogFilter& filter);

  /// Gives the `seq` of the passing rows among the newest `scanned` of the range, newest first. The
  /// inner query bounds the work: it stops after `scanned` rows whether they pass or not.
  std::string select_seqs() const;
  /// Gives the number of those rows.
  std::string count() const;
  /// Binds the parameters of either.
  void bind(Statement& statement, SeqRange range, std::size_t scanned) const;

 private:
  using Value = std::variant<std::int64_t, std::string>;

  void require(std::string_view columns, std::string_view sql);
  void require_text(std::string_view column, const std::string& text);
  void require_detail(std::string_view name, const std::string& text);
  void require_pairs(std::string_view name, const logs::Pairs& pairs);
  void require_statuses(const std::vector<logs::StatusRange>& statuses);
  std::string from() const;

  std::string columns_;  // those that the conditions read: ", status, user"
  std::string where_;
  std::vector<Value> values_;
};

}  // namespace gatehouse::store
