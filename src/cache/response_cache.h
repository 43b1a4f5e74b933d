// The cache of a process: a store in memory, one that lasts behind it, the calls under way, and the
// meanings of the questions that were answered.
#pragma once

#include <cstdint>

#include "async/background.h"
#include "async/task.h"
#include "cache/cache_store.h"
#include "cache/cache_writer.h"
#include "cache/flights.h"
#include "cache/semantic_index.h"

namespace gatehouse::cache {

/// Thread-safe, and outlives the loops. Nothing here waits for a disk on a loop's thread: the
/// memory store is asked there, the lasting one on a background thread, and only if it may have the
/// answer. Fail-open: an error of a store is a miss.
class ResponseCache {
 public:
  /// `lasting` may be null; both stores outlive the cache.
  ResponseCache(CacheStore& memory, CacheStore* lasting, const Clock& clock,
                SemanticIndex::Limits limits, CacheWriter::Report report);

  /// From memory alone.
  EntryPtr find_in_memory(const Key& key);
  /// From memory, else from what lasts; then it is in memory as well. Null if there is none, or
  /// none younger than `max_age`.
  async::Task<EntryPtr> find(Key key, std::chrono::seconds max_age, async::Background& background);
  /// The most similar question's answer that is kept; null if there is none.
  struct Similar {
    EntryPtr entry;
    float similarity = 0;
  };
  async::Task<Similar> find_similar(Entry question, float at_least, std::chrono::seconds max_age,
                                    async::Background& background);
  /// In memory at once, in what lasts soon.
  void keep(const Key& key, EntryPtr entry);

  Flights& flights() { return flights_; }
  const Clock& clock() const { return clock_; }
  /// Answers that did not reach what lasts, since the start.
  std::uint64_t lost() const { return writer_ ? writer_->dropped() : 0; }
  bool has_lasting_store() const { return lasting_ != nullptr; }

  /// The body of the writer's thread (store/cache_thread.h), if there is a store that lasts.
  void run(const std::stop_token& stop) { writer_->run(stop, index_); }
  /// The work of that thread, for tests: reads what is kept; writes what waits.
  void load() { writer_->load(index_); }
  void flush() { writer_->flush(); }

 private:
  CacheStore& memory_;
  CacheStore* lasting_;
  const Clock& clock_;
  SemanticIndex index_;
  std::optional<CacheWriter> writer_;
  Flights flights_;
};

}  // namespace gatehouse::cache
