#include "main/commands/logs.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/ids.h"
#include "base/random.h"
#include "json/value.h"
#include "store/sqlite/sqlite_log_store.h"
#include "tests/contract/packed.h"
#include "tests/contract/temporary_folder.h"

namespace gatehouse::commands {
namespace {

class LogsCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = *store::SqliteLogStore::open(folder_.path(), clock_);
    reader_ = *store::SqliteLogReader::open(folder_.path());
  }

  void append(int count, const std::string& provider) {
    std::vector<logs::LogRecord> batch;
    for (int i = 0; i < count; ++i) {
      batch.emplace_back();
      batch.back().started = clock_.wall();
      batch.back().id = make_uuid7(clock_.wall(), random_);
      batch.back().provider = provider;
      batch.back().status = number_++;
    }
    ASSERT_TRUE(contract::append_all(*store_, batch));
    clock_.advance(std::chrono::seconds(1));
  }

  std::vector<int> read(const LogFlags& flags, std::size_t count) {
    const Result<logs::LogFilter> filter = filter_of(flags, clock_.wall());
    EXPECT_TRUE(filter) << filter.error()->message;
    const auto records = read_records(*reader_, *filter, count, head_);
    EXPECT_TRUE(records) << records.error()->message;
    std::vector<int> statuses;
    for (const logs::LogRecord& record : *records) statuses.push_back(record.status);
    return statuses;
  }

  contract::TemporaryFolder folder_;
  FakeClock clock_;
  FastRandom random_{1};
  int number_ = 0;
  std::unique_ptr<store::SqliteLogStore> store_;
  std::unique_ptr<store::SqliteLogReader> reader_;
  logs::LogPosition head_ = 0;
};

TEST_F(LogsCommandTest, ShowsTheNewestWithTheOldestOfThemFirst) {
  append(5, "openai");
  EXPECT_EQ(read({}, 3), (std::vector{2, 3, 4}));
}

TEST_F(LogsCommandTest, ReadsAsManyPagesAsItTakes) {
  append(2500, "openai");
  const std::vector<int> all = read({}, 2200);
  ASSERT_EQ(all.size(), 2200U);
  EXPECT_EQ(all.front(), 300);
  EXPECT_EQ(all.back(), 2499);
}

TEST_F(LogsCommandTest, FlagsSelectRecords) {
  append(2, "openai");
  append(1, "groq");
  EXPECT_EQ(read({{"provider", "groq"}}, 50), std::vector{2});
  EXPECT_EQ(read({{"provider", "openai"}, {"status", "1"}}, 50), std::vector{1});
  EXPECT_EQ(read({{"since", "1s"}}, 50), std::vector{2});
  EXPECT_EQ(read({{"metadata", "team=a"}}, 50), std::vector<int>{});
}

TEST_F(LogsCommandTest, TheHeadIsWhereFollowingBegins) {
  append(2, "openai");
  read({}, 1);
  append(1, "openai");
  logs::LogFilter filter;
  filter.after = head_;
  const auto records = read_records(*reader_, filter, 100, head_);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 1U);
  EXPECT_EQ(records->front().status, 2);
}

TEST_F(LogsCommandTest, APairWithoutANameIsRefused) {
  for (const char* value : {"team", "=a"}) {
    const Result<logs::LogFilter> filter = filter_of({{"metadata", value}}, clock_.wall());
    ASSERT_FALSE(filter);
    EXPECT_NE(filter.error()->message.find("NAME=VALUE"), std::string::npos);
  }
}

TEST(LogsTable, HasOneLineForARecordAndNoControlCharacters) {
  logs::LogRecord record;
  record.trace_id = "evil\x1b[2J\n";
  record.provider = "a-provider-with-a-very-long-name";
  record.error = logs::LoggedError{ErrorCode::internal, Origin::gateway, "two\nlines"};
  const std::string row = format_record(record, LogFormat::table);
  EXPECT_EQ(row.find('\n'), row.size() - 1);
  EXPECT_EQ(row.find('\x1b'), std::string::npos);
  EXPECT_NE(row.find("evil?[2J?"), std::string::npos);
  EXPECT_NE(row.find("two?lines"), std::string::npos);
}

TEST(LogsTable, JsonLinesAreWholeDocuments) {
  logs::LogRecord record;
  record.id = "an id";
  const std::string line = format_record(record, LogFormat::json_lines);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_TRUE(json::parse(line));
}

}  // namespace
}  // namespace gatehouse::commands
