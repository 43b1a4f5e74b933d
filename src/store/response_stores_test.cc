#include "store/memory/memory_response_store.h"
#include "store/sqlite/sqlite_response_store.h"
#include "tests/contract/response_store_contract.h"
#include "tests/contract/temporary_folder.h"

namespace gatehouse::store {
namespace {

using contract::TemporaryFolder;

struct SqliteResponses {
  TemporaryFolder folder;
  std::unique_ptr<SqliteResponseStore> sqlite = *SqliteResponseStore::open(folder.path());
  responses::ResponseStore& store() { return *sqlite; }
};
struct MemoryResponses {
  MemoryResponseStore memory;
  responses::ResponseStore& store() { return memory; }
};

TEST(SqliteResponseStore, KeepsResponsesOverARestart) {
  const TemporaryFolder folder;
  ASSERT_TRUE((*SqliteResponseStore::open(folder.path()))->put({"resp_1", "k", {}, "[]", "{}"}));
  const auto again = SqliteResponseStore::open(folder.path());
  ASSERT_TRUE(again);
  EXPECT_TRUE((*again)->find("resp_1", "k")->has_value());
}

TEST(MemoryResponseStore, DropsTheOldestWhenItIsFull) {
  MemoryResponseStore store(2);
  for (const int second : {1, 2, 3}) {
    const WallTime created{std::chrono::seconds(second)};
    ASSERT_TRUE(store.put({"resp_" + std::to_string(second), "k", created, "[]", "{}"}));
  }
  EXPECT_FALSE(store.find("resp_1", "k")->has_value());
  EXPECT_TRUE(store.find("resp_3", "k")->has_value());
}

}  // namespace
}  // namespace gatehouse::store

namespace gatehouse::contract {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ResponseStoreContract, store::SqliteResponses);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ResponseStoreContract, store::MemoryResponses);

}  // namespace gatehouse::contract
