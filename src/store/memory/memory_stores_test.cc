#include "store/memory/memory_cache_store.h"
#include "store/memory/memory_key_store.h"
#include "store/memory/memory_log_store.h"
#include "tests/contract/cache_store_contract.h"
#include "tests/contract/key_store_contract.h"
#include "tests/contract/log_store_contract.h"

namespace gatehouse::store {
namespace {

struct MemoryLogs {
  FakeClock clock;
  MemoryLogStore memory;
  logs::LogStore& store() { return memory; }
};

struct MemoryKeys {
  MemoryKeyStore memory;
  auth::KeyStore& store() { return memory; }
};

struct MemoryCache {
  MemoryCacheStore memory{contract::kCacheBound};
  cache::CacheStore& store() { return memory; }
};

cache::Kept kept_of(std::string_view name, std::size_t size) {
  cache::Entry entry;
  entry.body = std::string(size, 'x');
  entry.expires = FakeClock().wall() + std::chrono::hours(1);
  return {cache::KeyParts().with(name), std::make_shared<const cache::Entry>(std::move(entry))};
}

TEST(MemoryCacheStore, LetsGoOfWhatWasUsedLongestAgo) {
  const FakeClock clock;
  const std::size_t cost = kept_of("a", 1000).entry->cost();
  MemoryCacheStore store(3 * cost, 1);
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(store.put(std::vector{kept_of(name, 1000)}));
  ASSERT_TRUE(*store.find(kept_of("a", 0).key, clock.wall()));
  ASSERT_TRUE(store.put(std::vector{kept_of("d", 1000)}));
  EXPECT_NE(*store.find(kept_of("a", 0).key, clock.wall()), nullptr);
  EXPECT_EQ(*store.find(kept_of("b", 0).key, clock.wall()), nullptr);
  EXPECT_EQ(store.bytes(), 3 * cost);
}

TEST(MemoryCacheStore, AnEntryThatIsTooLargeTakesNobodysPlace) {
  const FakeClock clock;
  MemoryCacheStore store(4096, 1);
  ASSERT_TRUE(store.put(std::vector{kept_of("small", 100)}));
  ASSERT_TRUE(store.put(std::vector{kept_of("large", 10'000)}));
  EXPECT_EQ(*store.find(kept_of("large", 0).key, clock.wall()), nullptr);
  EXPECT_NE(*store.find(kept_of("small", 0).key, clock.wall()), nullptr);
}

TEST(MemoryLogStore, KeepsNoMoreThanItsCapacity) {
  MemoryLogStore store(2);
  std::vector<logs::LogRecord> batch;
  for (const char* id : {"a", "b", "c"}) {
    batch.emplace_back();
    batch.back().id = id;
  }
  ASSERT_TRUE(contract::append_all(store, batch));
  EXPECT_FALSE(store.find("a"));
  EXPECT_TRUE(store.find("b"));
  EXPECT_TRUE(store.find("c"));
}

}  // namespace
}  // namespace gatehouse::store

namespace gatehouse::contract {

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LogStoreContract, store::MemoryLogs);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, CacheStoreContract, store::MemoryCache);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, KeyStoreContract, store::MemoryKeys);

}  // namespace gatehouse::contract
