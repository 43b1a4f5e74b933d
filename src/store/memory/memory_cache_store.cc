#include "store/memory/memory_cache_store.h"

#include <algorithm>
#include <utility>

namespace gatehouse::store {

using cache::Entry;
using cache::EntryPtr;
using cache::Kept;
using cache::Key;

MemoryCacheStore::MemoryCacheStore(std::size_t max_bytes, std::size_t shards)
    : shards_(shards), max_shard_bytes_(max_bytes / shards) {}

Result<EntryPtr> MemoryCacheStore::find(const Key& key, WallTime now) {
  Shard& shard = shard_of(key);
  const std::scoped_lock lock(shard.mutex);
  const auto found = shard.places.find(key);
  if (found == shard.places.end()) return EntryPtr();
  if (found->second->entry->is_expired(now)) {
    shard.remove(found->second);
    return EntryPtr();
  }
  shard.order.splice(shard.order.begin(), shard.order, found->second);
  return found->second->entry;
}

Result<void> MemoryCacheStore::put(std::span<const Kept> batch) {
  for (const Kept& kept : batch) put_one(kept);
  return {};
}

void MemoryCacheStore::put_one(const Kept& kept) {
  const std::size_t cost = kept.entry->cost();
  Shard& shard = shard_of(kept.key);
  const std::scoped_lock lock(shard.mutex);
  const auto found = shard.places.find(kept.key);
  if (found != shard.places.end()) shard.remove(found->second);
  if (cost > max_shard_bytes_) return;
  while (shard.bytes + cost > max_shard_bytes_) shard.remove(std::prev(shard.order.end()));
  shard.order.push_front(kept);
  shard.places.emplace(kept.key, shard.order.begin());
  shard.bytes += cost;
}

void MemoryCacheStore::Shard::remove(Order::iterator place) {
  bytes -= place->entry->cost();
  places.erase(place->key);
  order.erase(place);
}

Result<bool> MemoryCacheStore::tidy(WallTime now) {
  bool is_changed = false;
  for (Shard& shard : shards_) {
    const std::scoped_lock lock(shard.mutex);
    for (auto place = shard.order.begin(); place != shard.order.end();) {
      const auto next = std::next(place);
      if (place->entry->is_expired(now)) {
        shard.remove(place);
        is_changed = true;
      }
      place = next;
    }
  }
  return is_changed;
}

Result<void> MemoryCacheStore::visit_keys(const std::function<void(const Key&)>& visit) {
  for (const Shard& shard : shards_) {
    const std::scoped_lock lock(shard.mutex);
    for (const Kept& kept : shard.order) visit(kept.key);
  }
  return {};
}

Result<void> MemoryCacheStore::visit_vectors(WallTime now,
                                             const std::function<void(const Key&, Entry)>& visit) {
  for (const Shard& shard : shards_) {
    const std::scoped_lock lock(shard.mutex);
    for (const Kept& kept : shard.order) {
      if (kept.entry->vector.empty() || kept.entry->is_expired(now)) continue;
      Entry entry = *kept.entry;
      entry.body.clear();
      visit(kept.key, std::move(entry));
    }
  }
  return {};
}

std::size_t MemoryCacheStore::bytes() const {
  std::size_t sum = 0;
  for (const Shard& shard : shards_) {
    const std::scoped_lock lock(shard.mutex);
    sum += shard.bytes;
  }
  return sum;
}

}  // namespace gatehouse::store
