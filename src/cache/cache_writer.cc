#include "cache/cache_writer.h"

#include <utility>

namespace gatehouse::cache {

void CacheWriter::push(const Key& key, EntryPtr entry) {
  const std::size_t cost = entry->cost();
  bool is_first = false;
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_bytes_ + cost > kMaxWaiting) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    waiting_bytes_ += cost;
    is_first = waiting_.empty();
    waiting_.push_back({key, std::move(entry)});
  }
  keys_.add(key);  // after it waits: load_keys, in between, would lose it otherwise
  if (is_first) pushed_.notify_one();
}

void CacheWriter::run(const std::stop_token& stop, SemanticIndex& index) {
  load(index);
  while (!stop.stop_requested()) {
    wait(stop);
    flush();
    tidy();
  }
  flush();
}

void CacheWriter::wait(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  pushed_.wait_for(lock, stop, kTidyPause, [this] { return !waiting_.empty(); });
  if (waiting_.empty() || stop.stop_requested()) return;
  // Others will follow: one transaction for all of them.
  pushed_.wait_for(lock, stop, kPause, [] { return false; });
}

void CacheWriter::flush() {
  std::vector<Kept> batch;
  {
    const std::scoped_lock lock(mutex_);
    batch.swap(waiting_);
    waiting_bytes_ = 0;
  }
  if (!batch.empty()) put(batch);
  report_news();
}

void CacheWriter::put(const std::vector<Kept>& batch) {
  failure_.reset();
  Result<void> put = store_.put(batch);
  if (put) return;
  dropped_.fetch_add(batch.size(), std::memory_order_relaxed);
  failure_ = std::move(*put.error());
}

void CacheWriter::tidy() {
  const MonotonicTime now = clock_.now();
  if (tidied_ && now - *tidied_ < kTidyPause) return;
  tidied_ = now;
  Result<bool> tidied = store_.tidy(clock_.wall());
  // What was dropped must be forgotten, too: the keys of a store that takes nothing for days would
  // gather here.
  const std::uint64_t all_dropped = dropped();
  const bool has_dropped = std::exchange(dropped_when_tidied_, all_dropped) != all_dropped;
  tidy_failure_.reset();
  if (!tidied) tidy_failure_ = std::move(*tidied.error());
  if (has_dropped || (tidied && *tidied)) load_keys();
  report_news();
}

void CacheWriter::load(SemanticIndex& index) {
  load_keys();
  Result<void> visited = store_.visit_vectors(
      clock_.wall(), [&index](const Key& key, const Entry& entry) { index.add(key, entry); });
  if (!visited) tidy_failure_ = std::move(*visited.error());
  report_news();
}

void CacheWriter::load_keys() {
  std::unordered_set<std::uint64_t> prefixes;
  Result<void> visited =
      store_.visit_keys([&prefixes](const Key& key) { prefixes.insert(key.prefix()); });
  if (!visited) {
    tidy_failure_ = std::move(*visited.error());
    return;
  }
  keys_.load(std::move(prefixes));
  // What was pushed since the reading began is not in it.
  const std::scoped_lock lock(mutex_);
  for (const Kept& kept : waiting_) keys_.add(kept.key);
}

void CacheWriter::report_news() {
  const std::optional<Error>& failure = failure_ ? failure_ : tidy_failure_;
  if (!failure && !was_failure_reported_) return;
  const MonotonicTime now = clock_.now();
  if (reported_ && now - *reported_ < kReportPause) return;
  reported_ = now;
  was_failure_reported_ = failure.has_value();
  if (report_) report_({failure, dropped()});
}

}  // namespace gatehouse::cache
