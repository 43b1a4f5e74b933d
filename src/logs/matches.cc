#include <algorithm>

#include "logs/log_filter.h"

namespace gatehouse::logs {
namespace {

bool is_any_or(const std::string& wanted, const std::string& actual) {
  return wanted.empty() || wanted == actual;
}

bool has_all(const Pairs& wanted, const Pairs& actual) {
  return std::ranges::all_of(
      wanted, [&](const auto& pair) { return std::ranges::find(actual, pair) != actual.end(); });
}

bool has_status(const std::vector<StatusRange>& ranges, int status) {
  return ranges.empty() || std::ranges::any_of(ranges, [&](const StatusRange& range) {
           return status >= range.low && status <= range.high;
         });
}

}  // namespace

bool matches(const LogFilter& filter, const LogRecord& record) {
  if (filter.since && record.started < *filter.since) return false;
  if (filter.until && record.started >= *filter.until) return false;
  if (filter.ending && record.ending != *filter.ending) return false;
  if (!has_status(filter.statuses, record.status)) return false;
  if (!filter.model.empty() && filter.model != record.model &&
      filter.model != record.answered_model) {
    return false;
  }
  return is_any_or(filter.trace_id, record.trace_id) &&
         is_any_or(filter.provider, record.provider) && is_any_or(filter.user, record.user) &&
         is_any_or(filter.organization, record.organization) &&
         is_any_or(filter.endpoint, record.endpoint) && is_any_or(filter.key_id, record.key_id) &&
         has_all(filter.metadata, record.metadata) && has_all(filter.headers, record.headers);
}

}  // namespace gatehouse::logs
