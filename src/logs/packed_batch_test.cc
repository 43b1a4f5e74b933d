#include "logs/packed_batch.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <span>
#include <string>

#include "logs/folded_text.h"

namespace gatehouse::logs {
namespace {

using std::chrono::seconds;

LogRecord ended(const char* id, int started_s, int total_s) {
  LogRecord record;
  record.id = id;
  record.started = WallTime(seconds(started_s));
  record.times.total = seconds(total_s);
  return record;
}

TEST(PackedBatch, KnowsByHowMuchItsRecordsStandBehindTheirRequests) {
  PackedBatch batch;
  const LogRecord first = ended("a", 10, 1);
  const LogRecord second = ended("b", 7, 1);
  batch.add(first, {});
  batch.add(second, {});
  EXPECT_EQ(batch.delays().least, -10'000'000);
  EXPECT_EQ(batch.delays().most, 1 - 7'000'000);
}

TEST(PackedBatch, SaysOfEachBodyWhereItIsOnceTheStoreKnowsTheFirst) {
  std::array<LogRecord, 3> records;
  records[0].request = {"four", BodyState::whole};
  records[2].response = {"seven", BodyState::whole};
  PackedBatch batch;
  for (LogRecord& record : records) batch.add(record);
  batch.set_body_base(1000);
  RecordReader reader;
  reader.open(batch.blob());
  for (const BodyPlace place :
       {BodyPlace(1000), BodyPlace(), BodyPlace(1000 + sizeof(BodiesHead) + 4)}) {
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.body(), place);
  }
}

TEST(PackedBatches, ArePutInTheOrderInWhichTheirRequestsEndedWithTheirBodies) {
  std::array<PackedBatch, 2> batches;
  LogRecord late = ended("late", 1, 9);
  late.request = {"body of late", BodyState::whole};
  LogRecord early = ended("early", 5, 1);
  early.request = {"body of early", BodyState::whole};
  const LogRecord between = ended("between", 2, 6);
  batches[0].add(late);
  batches[1].add(early);
  batches[1].add(between);
  const std::vector<LogRecord> ordered = unpacked(in_order(batches));
  ASSERT_EQ(ordered.size(), 3U);
  EXPECT_EQ(ordered[0].id, "early");
  EXPECT_EQ(ordered[0].request.text, "body of early");
  EXPECT_EQ(ordered[1].id, "between");
  EXPECT_EQ(ordered[2].id, "late");
  EXPECT_EQ(ordered[2].request.text, "body of late");
}

TEST(PackedBatches, KeepAFoldedBodyFoldedUntilItIsRead) {
  LogRecord record = ended("one", 1, 1);
  fold_as_is("event", record.response.text);
  for (int i = 0; i < 100; ++i) {
    fold_alike(std::span<const Replacement>(), record.response.text);
  }
  record.response.is_folded = true;
  std::array<PackedBatch, 1> batches;
  batches[0].add(record);
  const std::vector<PackedBatch> ordered = in_order(batches);
  ASSERT_EQ(ordered.size(), 1U);
  EXPECT_EQ(ordered[0].bodies(), batches[0].bodies());
  EXPECT_LT(ordered[0].bodies().size(), 200U);
  const std::vector<LogRecord> read = unpacked(ordered);
  EXPECT_EQ(read.at(0).response.text.size(), 101 * std::string_view("event").size());
  EXPECT_FALSE(read.at(0).response.is_folded);
}

TEST(PackedBatch, KeepsEachBodyWholeHoweverLargeTheyGrow) {
  PackedBatch batch;
  std::array<LogRecord, 2> records;  // each must live until the next one is added
  for (std::size_t i = 0; i < 20; ++i) {
    LogRecord& record = records[i % 2];
    record.request = {std::string(30'000 + i, 'b'), BodyState::whole};
    batch.add(record);
    EXPECT_EQ(batch.bodies().size(), (i + 1) * (sizeof(BodiesHead) + 30'000) + i * (i + 1) / 2);
  }
}

TEST(PackedBatches, AreAsManyAsTheirRecordsNeed) {
  std::vector<PackedBatch> batches(1);
  std::vector<LogRecord> records(300, ended("an id that is not short", 1, 1));
  for (std::size_t i = 0; i < records.size(); ++i) records[i].model = "m" + std::to_string(i);
  for (LogRecord& record : records) batches[0].add(record);
  const std::vector<PackedBatch> cut = in_order(batches);
  EXPECT_GT(cut.size(), 1U);
  EXPECT_EQ(records_in(cut), records.size());
}

}  // namespace
}  // namespace gatehouse::logs
