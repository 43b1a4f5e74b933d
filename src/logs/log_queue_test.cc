#include "logs/log_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace gatehouse::logs {
namespace {

LogRecordPtr with_body(std::size_t bytes) {
  auto record = std::make_unique<LogRecord>();
  record->request = {std::string(bytes, 'x'), BodyState::whole};
  return record;
}

TEST(LogQueue, GivesRecordsInTheOrderOfPushing) {
  LogQueue queue({}, {});
  for (const char* id : {"a", "b", "c"}) {
    LogRecordPtr record = queue.blank();
    record->id = id;
    queue.push(std::move(record));
  }
  std::vector<LogRecordPtr> taken;
  EXPECT_EQ(queue.take(taken), 3U);
  EXPECT_EQ(taken[0]->id + taken[1]->id + taken[2]->id, "abc");
  EXPECT_EQ(queue.take(taken), 0U);
}

TEST(LogQueue, DropsAndCountsRecordsBeyondItsLimit) {
  LogQueue queue({.records = 2}, {});
  for (int i = 0; i < 5; ++i) queue.push(std::make_unique<LogRecord>());
  EXPECT_EQ(queue.losses(), (Losses{3, 0}));
  std::vector<LogRecordPtr> taken;
  EXPECT_EQ(queue.take(taken), 2U);
  queue.push(std::make_unique<LogRecord>());
  EXPECT_EQ(queue.losses(), (Losses{3, 0}));
}

TEST(LogQueue, BeyondTheByteLimitARecordIsKeptWithoutItsBodies) {
  LogQueue queue({.bytes = 100}, {});
  for (int i = 0; i < 3; ++i) queue.push(with_body(60));
  EXPECT_EQ(queue.losses(), (Losses{0, 2}));
  std::vector<LogRecordPtr> taken;
  ASSERT_EQ(queue.take(taken), 3U);
  EXPECT_EQ(taken[0]->request.state, BodyState::whole);
  EXPECT_EQ(taken[1]->request.state, BodyState::truncated);
  EXPECT_EQ(taken[1]->request.text, "");
  EXPECT_EQ(taken[1]->response.state, BodyState::not_captured);
  queue.push(with_body(60));
  EXPECT_EQ(queue.losses(), (Losses{0, 2}));
}

TEST(LogQueue, WakesTheWriterOnceWhenItFills) {
  int woken = 0;
  LogQueue by_count({.wake_records = 3}, [&] { ++woken; });
  for (int i = 0; i < 5; ++i) by_count.push(std::make_unique<LogRecord>());
  EXPECT_EQ(woken, 1);
  LogQueue by_bytes({.wake_bytes = 100}, [&] { ++woken; });
  for (int i = 0; i < 5; ++i) by_bytes.push(with_body(60));
  EXPECT_EQ(woken, 2);
}

TEST(LogQueue, AWrittenRecordComesBackEmptyWithItsMemory) {
  LogQueue queue({}, {});
  LogRecordPtr record = queue.blank();
  const LogRecord* const address = record.get();
  record->path.assign("/v1/chat/completions/with/a/long/tail");
  record->status = 500;
  record->error = LoggedError{};
  queue.push(std::move(record));
  std::vector<LogRecordPtr> taken;
  queue.take(taken);
  queue.recycle(taken);
  const LogRecordPtr again = queue.blank();
  EXPECT_EQ(again.get(), address);
  EXPECT_TRUE(again->path.empty());
  EXPECT_GE(again->path.capacity(), 37U);
  EXPECT_EQ(again->status, 0);
  EXPECT_FALSE(again->error);
}

TEST(LogQueue, LetsTheBlanksOfABurstGoWhenItIsOver) {
  constexpr std::size_t kBurst = 500;
  LogQueue queue({}, {});
  std::vector<LogRecordPtr> taken;
  for (std::size_t i = 0; i < kBurst; ++i) {
    LogRecordPtr record = queue.blank();
    record->path.assign(100, 'p');
    queue.push(std::move(record));
  }
  queue.take(taken);
  queue.recycle(taken);
  taken.clear();
  for (int i = 0; i < 100; ++i) queue.take(taken);
  std::vector<LogRecordPtr> blanks;
  std::size_t used = 0;
  for (std::size_t i = 0; i < kBurst; ++i) {
    blanks.push_back(queue.blank());
    if (blanks.back()->path.capacity() >= 100) ++used;
  }
  EXPECT_GT(used, 0U);
  EXPECT_LT(used, kBurst / 4);
}

TEST(LogQueue, LosesNothingBetweenTwoThreads) {
  constexpr int kRecords = 20'000;
  LogQueue queue({.records = kRecords}, {});
  std::jthread loop([&] {
    for (int i = 0; i < kRecords; ++i) {
      LogRecordPtr record = queue.blank();
      record->status = i;
      queue.push(std::move(record));
    }
  });
  int expected = 0;
  while (expected < kRecords) {
    std::vector<LogRecordPtr> taken;
    queue.take(taken);
    for (const LogRecordPtr& record : taken) ASSERT_EQ(record->status, expected++);
    queue.recycle(taken);
  }
  EXPECT_EQ(queue.losses(), Losses{});
}

}  // namespace
}  // namespace gatehouse::logs
