#include "logs/log_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace gatehouse::logs {
namespace {

/// Keeps ids, or refuses.
class FakeStore final : public LogStore {
 public:
  Result<void> append(std::span<PackedBatch> batches) override {
    ++appends;
    if (!is_working)
      return fail({ErrorCode::store, Origin::store, "The disk is full.", {}, {}, {}});
    for (const LogRecord& record : unpacked(batches)) {
      ids += record.id;
      bodies += record.request.text;
    }
    return {};
  }
  Result<LogPage> query(const LogFilter& /*filter*/) override { return LogPage{}; }
  Result<LogRecord> find(std::string_view /*id*/) override { return LogRecord{}; }
  Result<void> tidy() override {
    ++tidied;
    return {};
  }

  bool is_working = true;
  std::string ids;
  std::string bodies;
  int appends = 0;
  int tidied = 0;
};

class LogWriterTest : public testing::Test {
 protected:
  void push(LogQueue& queue, const char* id) {
    queue.blank().id = id;
    queue.push();
  }

  FakeStore store_;
  FakeClock clock_;
  std::vector<LogTrouble> reports_;
  LogWriter writer_{store_, clock_,
                    [this](const LogTrouble& trouble) { reports_.push_back(trouble); }};
};

TEST_F(LogWriterTest, StoresWhatWaitsInAllQueuesAsOneBatch) {
  LogQueue& one = writer_.add_queue();
  LogQueue& two = writer_.add_queue();
  push(one, "a");
  push(two, "b");
  push(one, "c");
  writer_.drain();
  EXPECT_EQ(store_.ids.size(), 3U);
  EXPECT_EQ(store_.appends, 1);
  EXPECT_EQ(writer_.written(), 3U);
  EXPECT_TRUE(reports_.empty());
}

TEST_F(LogWriterTest, StoresABatchInTheOrderInWhichTheRequestsEnded) {
  LogQueue& one = writer_.add_queue();
  LogQueue& two = writer_.add_queue();
  const auto push_ended = [&](LogQueue& queue, const char* id, int started_s, int total_s) {
    LogRecord& record = queue.blank();
    record.id = id;
    record.started = WallTime(std::chrono::seconds(started_s));
    record.times.total = std::chrono::seconds(total_s);
    queue.push();
  };
  push_ended(one, "b", 5, 1);
  push_ended(one, "d", 1, 7);
  push_ended(two, "a", 2, 1);
  push_ended(two, "c", 0, 7);
  writer_.drain();
  EXPECT_EQ(store_.ids, "abcd");
}

TEST_F(LogWriterTest, LeavesTheStoreAloneWhenNothingWaits) {
  writer_.add_queue();
  writer_.drain();
  EXPECT_EQ(store_.appends, 0);
}

TEST_F(LogWriterTest, LeavesTheOrderOfManyRecordsToTheirQueues) {
  LogQueue& one = writer_.add_queue();
  LogQueue& two = writer_.add_queue();
  for (int i = 0; i < 400; ++i) {
    push(one, "a");
    push(two, "b");
  }
  writer_.drain();
  EXPECT_EQ(store_.ids, std::string(400, 'a') + std::string(400, 'b'));
}

TEST_F(LogWriterTest, KeepsTheBatchWhileTheStoreFailsAndTriesAgainOnceASecond) {
  LogQueue& queue = writer_.add_queue();
  store_.is_working = false;
  push(queue, "a");
  writer_.drain();
  push(queue, "b");
  writer_.drain();
  EXPECT_EQ(store_.appends, 1);
  clock_.advance(std::chrono::seconds(1));
  writer_.drain();
  EXPECT_EQ(store_.appends, 2);
  store_.is_working = true;
  clock_.advance(std::chrono::seconds(1));
  writer_.drain();
  writer_.drain();
  EXPECT_EQ(store_.ids, "ab");
  EXPECT_EQ(writer_.losses(), Losses{});
}

TEST_F(LogWriterTest, CountsWhatTheQueuesDropWhileTheStoreFails) {
  LogQueue& queue = writer_.add_queue({.records = 2});
  store_.is_working = false;
  push(queue, "a");
  writer_.drain();
  for (const char* id : {"b", "c", "d", "e"}) push(queue, id);
  EXPECT_EQ(writer_.losses(), (Losses{2, 0}));
}

TEST_F(LogWriterTest, ReportsTroubleAtOnceButOnlyOnceAMinute) {
  LogQueue& queue = writer_.add_queue();
  store_.is_working = false;
  push(queue, "a");
  writer_.drain();
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0].error->message, "The disk is full.");
  for (int second = 0; second < 59; ++second) {
    clock_.advance(std::chrono::seconds(1));
    writer_.drain();
  }
  EXPECT_EQ(reports_.size(), 1U);
  clock_.advance(std::chrono::seconds(1));
  writer_.drain();
  EXPECT_EQ(reports_.size(), 2U);
}

TEST_F(LogWriterTest, ReportsThatTheTroubleIsOver) {
  LogQueue& queue = writer_.add_queue();
  store_.is_working = false;
  push(queue, "a");
  writer_.drain();
  store_.is_working = true;
  clock_.advance(std::chrono::minutes(1));
  writer_.drain();
  ASSERT_EQ(reports_.size(), 2U);
  EXPECT_FALSE(reports_[1].error);
  clock_.advance(std::chrono::minutes(1));
  writer_.drain();
  EXPECT_EQ(reports_.size(), 2U);
}

TEST_F(LogWriterTest, ReportsLossesOfAStoreThatIsOnlySlow) {
  LogQueue& queue = writer_.add_queue({.records = 1});
  push(queue, "a");
  push(queue, "b");
  writer_.drain();
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_FALSE(reports_[0].error);
  EXPECT_EQ(reports_[0].losses, (Losses{1, 0}));
}

TEST_F(LogWriterTest, FlushingStoresTheFailedBatchAndWhatCameAfterIt) {
  LogQueue& queue = writer_.add_queue();
  store_.is_working = false;
  push(queue, "a");
  writer_.drain();
  push(queue, "b");
  store_.is_working = true;
  writer_.flush();
  EXPECT_EQ(store_.ids, "ab");
}

TEST_F(LogWriterTest, FlushingIntoAFailingStoreCountsTheRestAsLost) {
  LogQueue& queue = writer_.add_queue();
  store_.is_working = false;
  push(queue, "a");
  push(queue, "b");
  writer_.flush();
  EXPECT_EQ(writer_.losses(), (Losses{2, 0}));
  ASSERT_FALSE(reports_.empty());
  EXPECT_EQ(reports_.back().losses, (Losses{2, 0}));
}

TEST_F(LogWriterTest, MasksCredentialsBeforeTheStoreSeesThem) {
  LogQueue& queue = writer_.add_queue();
  queue.blank().request = {R"({"api_key":"sk-1234567890abcdef"})", BodyState::whole};
  queue.push();
  writer_.drain();
  EXPECT_EQ(store_.bodies, R"({"api_key":"sk********def"})");
}

TEST_F(LogWriterTest, TidiesTheStoreOnceASecond) {
  writer_.add_queue();
  for (int i = 0; i < 40; ++i) {
    writer_.drain();
    clock_.advance(LogWriter::kDrainPeriod);
  }
  EXPECT_EQ(store_.tidied, 2);
}

TEST_F(LogWriterTest, TidiesAStoreThatFailsSinceThatMayMakeRoom) {
  LogQueue& queue = writer_.add_queue();
  store_.is_working = false;
  push(queue, "a");
  for (int second = 0; second < 3; ++second) {
    writer_.drain();
    clock_.advance(std::chrono::seconds(1));
  }
  EXPECT_EQ(store_.tidied, 3);
}

TEST_F(LogWriterTest, StoresEverythingThatWasPushedBeforeItIsStopped) {
  LogQueue& queue = writer_.add_queue();
  std::jthread thread([this](const std::stop_token& stop) { writer_.run(stop); });
  std::string expected;
  for (int i = 0; i < 500; ++i) {
    push(queue, "x");
    expected += 'x';
  }
  thread.request_stop();
  thread.join();
  EXPECT_EQ(store_.ids, expected);
}

}  // namespace
}  // namespace gatehouse::logs
