#include "store/sqlite/sqlite_log_store.h"

#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>

#include "store/sqlite/schema.h"
#include "tests/contract/log_store_contract.h"
#include "tests/contract/packed.h"
#include "tests/contract/temporary_folder.h"

namespace gatehouse::store {
namespace {

namespace fs = std::filesystem;
using contract::TemporaryFolder;
using logs::BodyState;

struct SqliteLogs {
  TemporaryFolder folder;
  FakeClock clock;
  std::unique_ptr<SqliteLogStore> sqlite = *SqliteLogStore::open(folder.path(), clock);
  logs::LogStore& store() { return *sqlite; }
};

class SqliteLogStoreTest : public testing::Test {
 protected:
  void open(const SqliteLogOptions& options = {}) {
    store_.reset();
    Result<std::unique_ptr<SqliteLogStore>> opened =
        SqliteLogStore::open(folder_.path(), clock_, options);
    ASSERT_TRUE(opened) << opened.error()->message;
    store_ = std::move(*opened);
  }

  std::string append(std::string_view body, std::string_view id = {}) {
    std::vector<logs::LogRecord> batch;
    batch.emplace_back();
    batch[0].started = clock_.wall();
    batch[0].id = id.empty() ? make_uuid7(clock_.wall(), random_) : std::string(id);
    batch[0].request = {std::string(body), BodyState::whole};
    const Result<void> appended = contract::append_all(*store_, batch);
    EXPECT_TRUE(appended) << appended.error()->message;
    clock_.advance(std::chrono::milliseconds(50));
    return batch[0].id;
  }

  logs::LoggedBody request_of(const std::string& id) {
    Result<logs::LogRecord> found = store_->find(id);
    EXPECT_TRUE(found) << found.error()->message;
    return found ? found->request : logs::LoggedBody{};
  }

  std::size_t rows() { return store_->query({})->records.size(); }
  fs::path segment(int number) const {
    return folder_.path() / "bodies" / ("00000" + std::to_string(number) + ".seg");
  }

  TemporaryFolder folder_;
  FakeClock clock_;
  FastRandom random_{3};
  std::unique_ptr<SqliteLogStore> store_;
};

TEST_F(SqliteLogStoreTest, KeepsRecordsAndBodiesWhenItIsOpenedAgain) {
  open();
  const std::string first = append("one");
  open();
  const std::string second = append("two");
  EXPECT_EQ(request_of(first).text, "one");
  EXPECT_EQ(request_of(second).text, "two");
  EXPECT_FALSE(fs::exists(segment(2)));
}

TEST_F(SqliteLogStoreTest, KeepsAPathWhateverItIs) {
  open();
  for (const char* path : {"/v1/chat/completions", "/v1/messages", ""}) {
    std::vector<logs::LogRecord> batch;
    batch.emplace_back();
    batch[0].id = make_uuid7(clock_.wall(), random_);
    batch[0].path = path;
    ASSERT_TRUE(contract::append_all(*store_, batch));
    const Result<logs::LogRecord> found = store_->find(batch[0].id);
    ASSERT_TRUE(found) << found.error()->message;
    EXPECT_EQ(found->path, path);
  }
}

TEST_F(SqliteLogStoreTest, FilesAreForTheirOwnerOnly) {
  open();
  append("secret");
  for (const fs::path& file : {folder_.path() / kDatabaseName, segment(1)}) {
    const fs::perms perms = fs::status(file).permissions();
    EXPECT_EQ(perms & (fs::perms::group_all | fs::perms::others_all), fs::perms::none) << file;
  }
}

TEST_F(SqliteLogStoreTest, ATornTailOfASegmentHarmsNoOtherEntry) {
  open();
  const std::string first = append("before the crash");
  std::ofstream(segment(1), std::ios::app) << "half an entry";
  open();
  const std::string second = append("after the crash");
  EXPECT_EQ(request_of(first).text, "before the crash");
  EXPECT_EQ(request_of(second).text, "after the crash");
}

TEST_F(SqliteLogStoreTest, ABodyWhoseBytesAreMissingIsGone) {
  open();
  const std::string id = append("a body that is long enough");
  fs::resize_file(segment(1), 30);
  EXPECT_EQ(request_of(id).state, BodyState::gone);
  EXPECT_EQ(request_of(id).text, "");
}

TEST_F(SqliteLogStoreTest, ABodyIsNeverShownWithAnotherRecord) {
  open();
  const std::string old = append("old");
  store_.reset();
  fs::remove_all(folder_.path() / "bodies");
  open();
  const std::string fresh = append("new");
  EXPECT_EQ(request_of(old).state, BodyState::gone);
  EXPECT_EQ(request_of(fresh).text, "new");
}

TEST_F(SqliteLogStoreTest, AFullSegmentIsFollowedByAnother) {
  open({.retention = {}, .segment_bytes = 100});
  const std::string first = append(std::string(100, 'a'));
  const std::string second = append(std::string(100, 'b'));
  EXPECT_TRUE(fs::exists(segment(2)));
  EXPECT_EQ(request_of(first).text, std::string(100, 'a'));
  EXPECT_EQ(request_of(second).text, std::string(100, 'b'));
}

TEST_F(SqliteLogStoreTest, MoreBodiesThanAllowedLoseTheOldestSegments) {
  open({.retention = {.body_bytes = 300}, .segment_bytes = 100});
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(append(std::string(100, 'x')));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(store_->tidy());
  EXPECT_EQ(request_of(ids[0]).state, BodyState::gone);
  EXPECT_EQ(request_of(ids[2]).state, BodyState::gone);
  EXPECT_EQ(request_of(ids[3]).state, BodyState::whole);
  EXPECT_EQ(request_of(ids[4]).state, BodyState::whole);
  EXPECT_EQ(rows(), 5U);
}

TEST_F(SqliteLogStoreTest, RowsGoWhenTheyAreTooOld) {
  open({.retention = {.rows = std::chrono::days(2)}});
  append("old");
  clock_.advance(std::chrono::days(1));
  const std::string newer = append("newer");
  clock_.advance(std::chrono::days(1));
  ASSERT_TRUE(store_->tidy());
  EXPECT_EQ(rows(), 1U);
  EXPECT_EQ(request_of(newer).text, "newer");
}

TEST_F(SqliteLogStoreTest, RowsGoWhenTheyTakeTooMuchRoom) {
  open({.retention = {.row_bytes = 1}});
  append("one");
  ASSERT_TRUE(store_->tidy());
  EXPECT_EQ(rows(), 0U);
}

TEST_F(SqliteLogStoreTest, ARemovedFolderIsMadeAnew) {
  open();
  append("before");
  fs::remove_all(folder_.path());
  const std::string id = append("after");
  EXPECT_EQ(request_of(id).text, "after");
  EXPECT_EQ(rows(), 1U);
}

TEST_F(SqliteLogStoreTest, ABatchThatFailsLeavesNothingBehind) {
  open();
  append("good");
  const auto size = fs::file_size(segment(1));
  Result<std::unique_ptr<Database>> other = open_for_writing(folder_.path());
  ASSERT_TRUE(other);
  ASSERT_TRUE((*other)->run("ALTER TABLE log_batches RENAME TO hidden"));
  std::vector<logs::LogRecord> batch;
  batch.emplace_back();
  batch[0].id = make_uuid7(clock_.wall(), random_);
  batch[0].request = {"bad", BodyState::whole};
  const Result<void> refused = contract::append_all(*store_, batch);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error()->code, ErrorCode::store);
  EXPECT_EQ(fs::file_size(segment(1)), size);
  ASSERT_TRUE((*other)->run("ALTER TABLE hidden RENAME TO log_batches"));
  ASSERT_TRUE(contract::append_all(*store_, batch));
  EXPECT_EQ(request_of(batch[0].id).text, "bad");
  EXPECT_EQ(rows(), 2U);
}

/// No file of this process may grow beyond `bytes`, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(SqliteLogStoreTest, ADiskThatTakesNoMoreIsAnErrorAndNoLossOnceItDoesAgain) {
  open();
  append("good");
  std::vector<logs::LogRecord> batch;
  for (int i = 0; i < 50; ++i) {
    batch.emplace_back();
    batch.back().id = make_uuid7(clock_.wall(), random_);
    batch.back().path = std::string(30'000, 'p') + std::to_string(i);
    batch.back().request = {std::string(20'000, 'b'), BodyState::whole};
  }
  for (const rlim_t bytes : {rlim_t{100'000}, rlim_t{1'100'000}}) {  // the bodies, then the rows
    const FileSizeLimit full(bytes);
    const Result<void> refused = contract::append_all(*store_, batch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->code, ErrorCode::store);
    EXPECT_NE(refused.error()->message.find("ulimit -f"), std::string::npos)
        << refused.error()->message;
    EXPECT_EQ(rows(), 1U);
  }
  const Result<void> appended = contract::append_all(*store_, batch);
  ASSERT_TRUE(appended) << appended.error()->message;
  EXPECT_EQ(store_->query({})->total, 51U);
  EXPECT_EQ(request_of(batch[7].id).text, std::string(20'000, 'b'));
}

TEST_F(SqliteLogStoreTest, TwoProcessesMayWriteToOneFolder) {
  open();
  const std::string first = append("of the first");
  Result<std::unique_ptr<SqliteLogStore>> second = SqliteLogStore::open(folder_.path(), clock_);
  ASSERT_TRUE(second);
  std::swap(*second, store_);
  const std::string of_second = append("of the second");
  std::swap(*second, store_);
  // The clock of the first store has not moved on as far as the other's rows.
  clock_.advance(std::chrono::milliseconds(-100));
  const std::string third = append("of the first again");
  EXPECT_EQ(request_of(first).text, "of the first");
  EXPECT_EQ(request_of(of_second).text, "of the second");
  EXPECT_EQ(request_of(third).text, "of the first again");
  EXPECT_TRUE(fs::exists(segment(2)));
}

TEST_F(SqliteLogStoreTest, ABatchStandsInItsOrderBehindTheRowsOfAnotherProcess) {
  open();
  Result<std::unique_ptr<SqliteLogStore>> second = SqliteLogStore::open(folder_.path(), clock_);
  ASSERT_TRUE(second);
  clock_.advance(std::chrono::hours(1));
  std::swap(*second, store_);
  append("of the second");
  std::swap(*second, store_);
  clock_.advance(std::chrono::hours(-1));
  std::vector<logs::LogRecord> batch;
  for (const char* id : {"a", "b", "c"}) {
    batch.emplace_back();
    batch.back().id = id;
  }
  ASSERT_TRUE(contract::append_all(*store_, batch));
  const Result<logs::LogPage> page = store_->query({});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->records.size(), 4U);
  EXPECT_EQ(page->records[0].id, "c");
  EXPECT_EQ(page->records[1].id, "b");
  EXPECT_EQ(page->records[2].id, "a");
}

TEST_F(SqliteLogStoreTest, ARowThatRetentionRemovesIsOverwritten) {
  open({.retention = {.rows = std::chrono::days(1)}});
  append("", "the removed one");
  clock_.advance(std::chrono::days(1));
  append("", "the one that stays");
  ASSERT_TRUE(store_->tidy());
  store_.reset();
  std::ifstream file(folder_.path() / kDatabaseName, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(bytes.find("the removed one"), std::string::npos);
  EXPECT_NE(bytes.find("the one that stays"), std::string::npos);
}

TEST_F(SqliteLogStoreTest, AReaderOfAnotherProcessSeesWhatIsWritten) {
  open();
  Result<std::unique_ptr<SqliteLogReader>> reader = SqliteLogReader::open(folder_.path());
  ASSERT_TRUE(reader);
  const std::string id = append("body");
  const Result<logs::LogRecord> found = (*reader)->find(id);
  ASSERT_TRUE(found) << found.error()->message;
  EXPECT_EQ(found->request.text, "body");
}

TEST_F(SqliteLogStoreTest, AFolderCanBeReadWhileNoServerRuns) {
  open();
  const std::string id = append("body");
  store_.reset();
  Result<std::unique_ptr<SqliteLogReader>> reader = SqliteLogReader::open(folder_.path());
  ASSERT_TRUE(reader) << reader.error()->message;
  EXPECT_TRUE((*reader)->find(id));
}

TEST_F(SqliteLogStoreTest, ReadingAFolderWithoutALogSaysWhatToDo) {
  const auto reader = SqliteLogReader::open(folder_.path() / "none");
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error()->code, ErrorCode::not_found);
  EXPECT_NE(reader.error()->message.find("--data"), std::string::npos);
}

TEST_F(SqliteLogStoreTest, ADamagedFileIsAnErrorThatSaysSo) {
  std::ofstream(folder_.path() / kDatabaseName) << std::string(5000, 'x');
  const auto store = SqliteLogStore::open(folder_.path(), clock_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error()->code, ErrorCode::store);
  EXPECT_NE(store.error()->message.find("damaged"), std::string::npos) << store.error()->message;
}

TEST_F(SqliteLogStoreTest, AFileOfANewerVersionIsLeftAlone) {
  open();
  store_.reset();
  Result<std::unique_ptr<Database>> file = open_for_writing(folder_.path());
  ASSERT_TRUE(file && (*file)->run("PRAGMA user_version = 1000"));
  const auto store = SqliteLogStore::open(folder_.path(), clock_);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error()->message.find("newer version"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::store

namespace gatehouse::contract {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, LogStoreContract, store::SqliteLogs);

}  // namespace gatehouse::contract
