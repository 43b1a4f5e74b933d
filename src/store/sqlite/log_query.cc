#include "store/sqlite/log_query.h"

#include <algorithm>

#include "logs/json_text.h"
#include "store/sqlite/log_rows.h"

namespace gatehouse::store {
namespace {

constexpr int kRangeParameters = 3;  // low, high, scanned

std::int64_t micros(WallTime time) { return time.time_since_epoch().count(); }

/// `"name":"value"` as record_details.cc writes it: a quick test whether a row can pass at all.
std::string member_text(std::string_view name, std::string_view value) {
  std::string text;
  logs::JsonText(text).foreign_key(name).text(value);
  return text;
}

}  // namespace

SeqRange range_of(const logs::LogFilter& filter, SeqRange rows, Lags lags) {
  if (filter.since) rows.low = std::max(rows.low, micros(*filter.since) + lags.least);
  if (filter.until) rows.high = std::min(rows.high, micros(*filter.until) + lags.most);
  if (filter.after) rows.low = std::max(rows.low, *filter.after + 1);
  return rows;
}

LogCondition::LogCondition(const logs::LogFilter& filter) {
  if (filter.since) {
    require("started", "started >= ?");
    values_.emplace_back(micros(*filter.since));
  }
  if (filter.until) {
    require("started", "started < ?");
    values_.emplace_back(micros(*filter.until));
  }
  if (filter.ending) {
    require("flags", "flags & " + std::to_string(kEndingMask) + " = ?");
    values_.emplace_back(static_cast<std::int64_t>(*filter.ending));
  }
  if (!filter.model.empty()) {
    require("model, answered_model", "(model = ? OR answered_model = ?)");
    values_.emplace_back(filter.model);
    values_.emplace_back(filter.model);
  }
  require_statuses(filter.statuses);
  require_text("trace_id", filter.trace_id);
  require_text("provider", filter.provider);
  require_text("user", filter.user);
  require_text("endpoint", filter.endpoint);
  require_text("key_id", filter.key_id);
  require_detail("organization", filter.organization);
  require_pairs("metadata", filter.metadata);
  require_pairs("headers", filter.headers);
}

void LogCondition::require(std::string_view columns, std::string_view sql) {
  columns_.append(", ").append(columns);
  where_.append(where_.empty() ? " WHERE " : " AND ").append(sql);
}

void LogCondition::require_text(std::string_view column, const std::string& text) {
  if (text.empty()) return;
  require(column, std::string(column) + " = ?");
  values_.emplace_back(text);
}

void LogCondition::require_detail(std::string_view name, const std::string& text) {
  if (text.empty()) return;
  const std::string path = "'$." + std::string(name) + "'";
  require("details", "instr(details, ?) > 0 AND json_extract(details, " + path + ") = ?");
  values_.emplace_back(member_text(name, text));
  values_.emplace_back(text);
}

void LogCondition::require_pairs(std::string_view name, const logs::Pairs& pairs) {
  const std::string path = "'$." + std::string(name) + "'";
  for (const auto& [key, value] : pairs) {
    require("details", "instr(details, ?) > 0 AND EXISTS(SELECT 1 FROM json_each(details, " + path +
                           ") AS pair WHERE pair.key = ? AND pair.value = ?)");
    values_.emplace_back(member_text(key, value));
    values_.emplace_back(key);
    values_.emplace_back(value);
  }
}

void LogCondition::require_statuses(const std::vector<logs::StatusRange>& statuses) {
  if (statuses.empty()) return;
  std::string any;
  for (const logs::StatusRange& range : statuses) {
    any += any.empty() ? "(" : " OR ";
    any += "status BETWEEN ? AND ?";
    values_.emplace_back(std::int64_t{range.low});
    values_.emplace_back(std::int64_t{range.high});
  }
  require("status", any + ")");
}

std::string LogCondition::from() const {
  return " FROM (SELECT seq" + columns_ +
         " FROM logs WHERE seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?)" + where_;
}

std::string LogCondition::select_seqs() const { return "SELECT seq" + from(); }

std::string LogCondition::count() const { return "SELECT count(*)" + from(); }

void LogCondition::bind(Statement& statement, SeqRange range, std::size_t scanned) const {
  statement.bind(1, range.low).bind(2, range.high).bind(3, static_cast<std::int64_t>(scanned));
  int at = kRangeParameters;
  for (const Value& value : values_) {
    ++at;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      statement.bind(at, *number);
    } else {
      statement.bind(at, std::string_view(std::get<std::string>(value)));
    }
  }
}

}  // namespace gatehouse::store
