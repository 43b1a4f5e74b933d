#include "store/memory/memory_key_store.h"
#include "store/memory/memory_log_store.h"
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

TEST(MemoryLogStore, KeepsNoMoreThanItsCapacity) {
  MemoryLogStore store(2);
  std::vector<logs::LogRecordPtr> batch;
  for (const char* id : {"a", "b", "c"}) {
    batch.push_back(std::make_unique<logs::LogRecord>());
    batch.back()->id = id;
  }
  ASSERT_TRUE(store.append(batch));
  EXPECT_FALSE(store.find("a"));
  EXPECT_TRUE(store.find("b"));
  EXPECT_TRUE(store.find("c"));
}

}  // namespace
}  // namespace gatehouse::store

namespace gatehouse::contract {

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LogStoreContract, store::MemoryLogs);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, KeyStoreContract, store::MemoryKeys);

}  // namespace gatehouse::contract
