#include "cache/response_cache.h"

#include <utility>

namespace gatehouse::cache {

using async::Task;

ResponseCache::ResponseCache(CacheStore& memory, CacheStore* lasting, const Clock& clock,
                             SemanticIndex::Limits limits, CacheWriter::Report report)
    : memory_(memory), lasting_(lasting), clock_(clock), index_(limits) {
  if (lasting_ != nullptr) writer_.emplace(*lasting_, clock, std::move(report));
}

EntryPtr ResponseCache::find_in_memory(const Key& key) {
  Result<EntryPtr> found = memory_.find(key, clock_.wall());
  return found ? std::move(*found) : nullptr;
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<EntryPtr> ResponseCache::find(Key key, std::chrono::seconds max_age,
                                   async::Background& background) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  EntryPtr entry = find_in_memory(key);
  if (!entry && writer_ && writer_->may_hold(key)) {
    std::move_only_function<Result<EntryPtr>()> look =
        [store = lasting_, key, now = clock_.wall()] { return store->find(key, now); };
    Result<EntryPtr> found =
        co_await as_result(async::run_in<EntryPtr>(background, std::move(look)));
    if (found) entry = std::move(*found);
    if (entry) {
      const Kept kept{key, entry};
      // Fail-open: without its place in memory it is read from the disk again.
      static_cast<void>(memory_.put({&kept, 1}));
    }
  }
  if (entry && !entry->is_fresh(clock_.wall(), max_age)) entry = nullptr;
  co_return std::move(entry);
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<ResponseCache::Similar> ResponseCache::find_similar(Entry question, float at_least,
                                                         std::chrono::seconds max_age,
                                                         async::Background& background) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  const std::optional<SemanticIndex::Match> match =
      index_.nearest(question.scope, question.vector, at_least, clock_.wall());
  if (!match) co_return Similar{};
  Similar similar;
  similar.similarity = match->similarity;
  similar.entry = co_await find(match->key, max_age, background);
  co_return std::move(similar);
}

void ResponseCache::keep(const Key& key, EntryPtr entry) {
  const Kept kept{key, entry};
  static_cast<void>(memory_.put({&kept, 1}));  // fail-open
  index_.add(key, *entry);
  if (writer_) writer_->push(key, std::move(entry));
}

}  // namespace gatehouse::cache
