#include "store/memory/memory_log_store.h"

#include <algorithm>
#include <ranges>
#include <string>
#include <utility>

namespace gatehouse::store {
namespace {

logs::LogRecord without_bodies(const logs::LogRecord& record) {
  logs::LogRecord copy = record;
  copy.request.text.clear();
  copy.response.text.clear();
  return copy;
}

}  // namespace

Result<void> MemoryLogStore::append(std::span<logs::PackedBatch> batches) {
  const std::scoped_lock lock(mutex_);
  for (logs::LogRecord& record : logs::unpacked(batches)) {
    entries_.push_back({++last_, std::move(record)});
  }
  while (entries_.size() > capacity_) entries_.pop_front();
  return {};
}

Result<logs::LogPage> MemoryLogStore::query(const logs::LogFilter& filter) {
  const std::scoped_lock lock(mutex_);
  logs::LogPage page;
  page.head = last_;
  logs::LogPosition oldest_shown = 0;
  for (const Entry& entry : entries_ | std::views::reverse) {
    if (filter.after && entry.position <= *filter.after) break;
    if (!matches(filter, entry.record)) continue;
    ++page.total;
    if (filter.before && entry.position >= *filter.before) continue;
    if (page.records.size() == filter.limit) {
      page.next = oldest_shown;
      continue;
    }
    oldest_shown = entry.position;
    page.records.push_back(without_bodies(entry.record));
  }
  if (filter.counting == logs::Counting::none) page.total = 0;
  return page;
}

Result<logs::LogRecord> MemoryLogStore::find(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(
      entries_, id, [](const Entry& entry) { return std::string_view(entry.record.id); });
  if (found != entries_.end()) return found->record;
  return fail(client_error(ErrorCode::not_found,
                           "There is no log record with the id `" + std::string(id) + "`."));
}

}  // namespace gatehouse::store
