// Kept answers in memory, bounded in bytes; what was used longest ago goes first.
#pragma once

#include <list>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "cache/cache_store.h"

namespace gatehouse::store {

/// cache::CacheStore has the contract. Never waits. The keys are spread over shards, each with its
/// own lock and its share of the bytes, so that the loops seldom meet; the order of use is kept
/// within a shard. An entry larger than a shard is not kept.
class MemoryCacheStore final : public cache::CacheStore {
 public:
  explicit MemoryCacheStore(std::size_t max_bytes, std::size_t shards = 8);

  Result<cache::EntryPtr> find(const cache::Key& key, WallTime now) override;
  Result<void> put(std::span<const cache::Kept> batch) override;
  Result<bool> tidy(WallTime now) override;
  Result<void> visit_keys(const std::function<void(const cache::Key&)>& visit) override;
  Result<void> visit_vectors(
      WallTime now, const std::function<void(const cache::Key&, cache::Entry)>& visit) override;

  std::size_t bytes() const;

 private:
  using Order = std::list<cache::Kept>;  // what was used last stands first
  struct Shard {
    mutable std::mutex mutex;
    Order order;
    std::unordered_map<cache::Key, Order::iterator, cache::KeyHash> places;
    std::size_t bytes = 0;

    void remove(Order::iterator place);
  };
  Shard& shard_of(const cache::Key& key) { return shards_[key.bytes.back() % shards_.size()]; }
  void put_one(const cache::Kept& kept);

  std::vector<Shard> shards_;
  std::size_t max_shard_bytes_;
};

}  // namespace gatehouse::store
