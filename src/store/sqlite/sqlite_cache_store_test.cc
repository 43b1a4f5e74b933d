#include "store/sqlite/sqlite_cache_store.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/contract/cache_store_contract.h"
#include "tests/contract/temporary_folder.h"

namespace gatehouse::store {
namespace {

using cache::Entry;
using cache::EntryPtr;
using cache::Kept;
using cache::Key;
using contract::TemporaryFolder;

struct SqliteCache {
  TemporaryFolder folder;
  std::unique_ptr<SqliteCacheStore> sqlite =
      *SqliteCacheStore::open(folder.path(), contract::kCacheBound);
  cache::CacheStore& store() { return *sqlite; }
};

Kept kept_of(const std::string& name, const FakeClock& clock) {
  Entry entry;
  entry.body = "answer to " + name + std::string(2000, '.');
  entry.created = clock.wall();
  entry.expires = clock.wall() + std::chrono::hours(1);
  return {cache::KeyParts().with(name), std::make_shared<const Entry>(std::move(entry))};
}

std::unique_ptr<SqliteCacheStore> open(const TemporaryFolder& folder) {
  return *SqliteCacheStore::open(folder.path(), std::uint64_t{64} * 1024 * 1024);
}

TEST(SqliteCacheStore, KeepsItsAnswersWhenItIsOpenedAgain) {
  const TemporaryFolder folder;
  const FakeClock clock;
  const Kept kept = kept_of("one", clock);
  ASSERT_TRUE(open(folder)->put({&kept, 1}));
  const Result<EntryPtr> found = open(folder)->find(kept.key, clock.wall());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->body, kept.entry->body);
}

TEST(SqliteCacheStore, ADamagedFileIsReplacedByAnEmptyOne) {
  const TemporaryFolder folder;
  const FakeClock clock;
  std::ofstream(folder.path() / kCacheName) << std::string(10'000, '?');
  const std::unique_ptr<SqliteCacheStore> store = open(folder);
  const Kept kept = kept_of("one", clock);
  ASSERT_TRUE(store->put({&kept, 1}));
  const Result<EntryPtr> found = store->find(kept.key, clock.wall());
  ASSERT_TRUE(found);
  EXPECT_NE(*found, nullptr);
}

TEST(SqliteCacheStore, AFileOfAnotherVersionIsReplacedByAnEmptyOne) {
  const TemporaryFolder folder;
  const FakeClock clock;
  const Kept kept = kept_of("one", clock);
  ASSERT_TRUE(open(folder)->put({&kept, 1}));
  {
    auto database = Database::open(folder.path() / kCacheName, Access::read_write);
    ASSERT_TRUE(database && (*database)->run("PRAGMA user_version = 99"));
  }
  const Result<EntryPtr> found = open(folder)->find(kept.key, clock.wall());
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, nullptr);
}

/// Writes batches until it is killed; says through the pipe how many are committed.
[[noreturn]] void write_for_ever(const TemporaryFolder& folder, int pipe) {
  const FakeClock clock;
  const std::unique_ptr<SqliteCacheStore> store = open(folder);
  for (int batch = 0;; ++batch) {
    std::vector<Kept> all;
    for (int i = 0; i < 10; ++i) {
      all.push_back(kept_of(std::to_string(batch) + "/" + std::to_string(i), clock));
    }
    if (!store->put(all) || ::write(pipe, "x", 1) != 1) ::_exit(1);
  }
}

TEST(SqliteCacheStore, AProcessKilledWhileItWritesLeavesAllItHadCommittedAndNoHalfAnswer) {
  const FakeClock clock;
  for (int wanted = 1; wanted <= 20; wanted += 6) {
    const TemporaryFolder folder;
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_for_ever(folder, pipe[1]);
    char byte = 0;
    for (int i = 0; i < wanted; ++i) ASSERT_EQ(::read(pipe[0], &byte, 1), 1);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    ::close(pipe[0]);
    ::close(pipe[1]);

    const std::unique_ptr<SqliteCacheStore> store = open(folder);
    for (int batch = 0; batch < wanted; ++batch) {
      for (int i = 0; i < 10; ++i) {
        const Kept kept = kept_of(std::to_string(batch) + "/" + std::to_string(i), clock);
        const Result<EntryPtr> found = store->find(kept.key, clock.wall());
        ASSERT_TRUE(found && *found) << batch << "/" << i;
        EXPECT_EQ((*found)->body, kept.entry->body);
      }
    }
    int count = 0;
    ASSERT_TRUE(store->visit_keys([&](const Key&) { ++count; }));
    EXPECT_EQ(count % 10, 0) << "a batch is there whole or not at all";
  }
}

}  // namespace
}  // namespace gatehouse::store

namespace gatehouse::contract {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, CacheStoreContract, store::SqliteCache);

}  // namespace gatehouse::contract
