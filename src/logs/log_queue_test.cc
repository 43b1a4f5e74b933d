#include "logs/log_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace gatehouse::logs {
namespace {

void push_status(LogQueue& queue, int status) {
  queue.blank().status = status;
  queue.push();
}

void push_body(LogQueue& queue, std::size_t bytes) {
  queue.blank().request = {std::string(bytes, 'x'), BodyState::whole};
  queue.push();
}

std::vector<LogRecord> take(LogQueue& queue) {
  std::vector<PackedBatch> taken;
  const std::size_t count = queue.take(taken);
  EXPECT_EQ(count, records_in(taken));
  return unpacked(taken);
}

TEST(LogQueue, GivesRecordsInTheOrderOfPushing) {
  LogQueue queue({}, {});
  for (const char* id : {"a", "b", "c"}) {
    queue.blank().id = id;
    queue.push();
  }
  const std::vector<LogRecord> taken = take(queue);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken[0].id + taken[1].id + taken[2].id, "abc");
  EXPECT_TRUE(take(queue).empty());
}

TEST(LogQueue, GivesEachRecordItsOwnBodies) {
  LogQueue queue({}, {});
  for (const char* text : {"one", "", "three"}) {
    LogRecord& record = queue.blank();
    record.id = std::string("id of ") + text;
    record.response = {text, BodyState::whole};
    queue.push();
  }
  const std::vector<LogRecord> taken = take(queue);
  ASSERT_EQ(taken.size(), 3U);
  for (const LogRecord& record : taken) EXPECT_EQ(record.id, "id of " + record.response.text);
}

TEST(LogQueue, ABlankHasNothingOfTheRecordsBeforeIt) {
  LogQueue queue({}, {});
  for (int i = 0; i < 4; ++i) {
    LogRecord& record = queue.blank();
    EXPECT_TRUE(record.path.empty());
    EXPECT_EQ(record.status, 0);
    EXPECT_FALSE(record.error);
    EXPECT_EQ(record.request.state, BodyState::not_captured);
    record.path = "/v1/chat/completions";
    record.status = 500;
    record.error = LoggedError{};
    record.request = {"body", BodyState::whole};
    queue.push();
  }
}

TEST(LogQueue, DropsAndCountsRecordsBeyondItsLimit) {
  LogQueue queue({.records = 2}, {});
  for (int i = 0; i < 5; ++i) push_status(queue, i);
  EXPECT_EQ(queue.losses(), (Losses{3, 0}));
  EXPECT_EQ(take(queue).size(), 2U);
  push_status(queue, 1);
  EXPECT_EQ(queue.losses(), (Losses{3, 0}));
}

TEST(LogQueue, ARecordThatWasDroppedChangesNoneOfTheOthers) {
  LogQueue queue({.records = 3}, {});
  for (int i = 1; i <= 3; ++i) push_status(queue, i);
  take(queue);
  for (int i = 4; i <= 8; ++i) push_status(queue, i);  // 7 and 8 are dropped
  std::vector<LogRecord> taken = take(queue);
  push_status(queue, 9);
  for (LogRecord& record : take(queue)) taken.push_back(std::move(record));
  ASSERT_EQ(taken.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(taken[i].status, static_cast<int>(4 + i));
  EXPECT_EQ(taken[3].status, 9);
}

TEST(LogQueue, BeyondTheByteLimitARecordIsKeptWithoutItsBodies) {
  LogQueue queue({.bytes = 100}, {});
  for (int i = 0; i < 3; ++i) push_body(queue, 60);
  EXPECT_EQ(queue.losses(), (Losses{0, 2}));
  const std::vector<LogRecord> taken = take(queue);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken[0].request.state, BodyState::whole);
  EXPECT_EQ(taken[0].request.text.size(), 60U);
  EXPECT_EQ(taken[1].request.state, BodyState::truncated);
  EXPECT_EQ(taken[1].request.text, "");
  EXPECT_EQ(taken[1].response.state, BodyState::not_captured);
  push_body(queue, 60);
  EXPECT_EQ(queue.losses(), (Losses{0, 2}));
}

TEST(LogQueue, WakesTheWriterOnceWhenItFills) {
  int woken = 0;
  LogQueue by_count({.wake_records = 3}, [&] { ++woken; });
  for (int i = 0; i < 5; ++i) push_status(by_count, i);
  EXPECT_EQ(woken, 1);
  LogQueue by_bytes({.wake_bytes = 100}, [&] { ++woken; });
  for (int i = 0; i < 5; ++i) push_body(by_bytes, 60);
  EXPECT_EQ(woken, 2);
}

TEST(LogQueue, LosesNothingBetweenTwoThreads) {
  constexpr int kRecords = 20'000;
  LogQueue queue({.records = kRecords}, {});
  std::jthread loop([&] {
    for (int i = 0; i < kRecords; ++i) push_status(queue, i);
  });
  int expected = 0;
  while (expected < kRecords) {
    for (const LogRecord& record : take(queue)) ASSERT_EQ(record.status, expected++);
  }
  EXPECT_EQ(queue.losses(), Losses{});
}

}  // namespace
}  // namespace gatehouse::logs
