#include "store/sqlite/sqlite_key_store.h"

#include "tests/contract/key_store_contract.h"
#include "tests/contract/temporary_folder.h"

namespace gatehouse::store {
namespace {

using contract::TemporaryFolder;

struct SqliteKeys {
  TemporaryFolder folder;
  std::unique_ptr<SqliteKeyStore> sqlite = *SqliteKeyStore::open(folder.path());
  auth::KeyStore& store() { return *sqlite; }
};

TEST(SqliteKeyStore, SeesWhatAnotherProcessAdds) {
  const TemporaryFolder folder;
  const FakeClock clock;
  Result<std::unique_ptr<SqliteKeyStore>> server = SqliteKeyStore::open(folder.path());
  Result<std::unique_ptr<SqliteKeyStore>> command = SqliteKeyStore::open(folder.path());
  ASSERT_TRUE(server && command);
  ASSERT_TRUE((*server)->list());
  EXPECT_FALSE(*(*server)->changed());
  const Result<auth::NewKey> made = auth::make_key({"new", {}, {}, {}}, clock.wall());
  ASSERT_TRUE(made && (*command)->add(made->key));
  EXPECT_TRUE(*(*server)->changed());
  EXPECT_EQ((*server)->list()->size(), 1U);
  EXPECT_FALSE(*(*server)->changed());
}

TEST(SqliteKeyStore, KeepsNoKeyInPlainText) {
  const TemporaryFolder folder;
  const FakeClock clock;
  const Result<auth::NewKey> made = auth::make_key({"new", {}, {}, {}}, clock.wall());
  ASSERT_TRUE(made);
  {
    Result<std::unique_ptr<SqliteKeyStore>> store = SqliteKeyStore::open(folder.path());
    ASSERT_TRUE(store && (*store)->add(made->key));
  }
  const std::string secret(made->text.reveal());
  Result<std::unique_ptr<Database>> file =
      Database::open(folder.path() / "gatehouse.db", Access::read_only);
  ASSERT_TRUE(file);
  const auto hits = (*file)->integer(
      "SELECT count(*) FROM gateway_keys WHERE instr(hash || id || name || hint, '" +
      secret.substr(3, 10) + "')");
  ASSERT_TRUE(hits) << hits.error()->message;
  EXPECT_EQ(*hits, 0);
}

TEST(SqliteKeyStore, ARemovedFileCountsAsAChangeAndHasNoKeys) {
  const TemporaryFolder folder;
  const FakeClock clock;
  Result<std::unique_ptr<SqliteKeyStore>> store = SqliteKeyStore::open(folder.path());
  const Result<auth::NewKey> made = auth::make_key({"new", {}, {}, {}}, clock.wall());
  ASSERT_TRUE(store && made && (*store)->add(made->key) && (*store)->list());
  std::filesystem::remove_all(folder.path());
  EXPECT_TRUE(*(*store)->changed());
  EXPECT_TRUE((*store)->list()->empty());
}

}  // namespace
}  // namespace gatehouse::store

namespace gatehouse::contract {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, KeyStoreContract, store::SqliteKeys);

}  // namespace gatehouse::contract
