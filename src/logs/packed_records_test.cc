#include "logs/packed_records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "logs/record_details.h"
#include "logs/render_json.h"

namespace gatehouse::logs {
namespace {

using std::chrono::microseconds;

/// Everything that a record says, as text.
std::string shown(const LogRecord& record) {
  std::string text = render_record(record);
  text += record.started.time_since_epoch().count() == 0 ? " no start" : " ";
  text += std::to_string(record.started.time_since_epoch().count());
  return text;
}

struct Packed {
  std::string blob;
  std::vector<std::string> shown;
};

Packed pack(const std::vector<LogRecord>& records) {
  RecordPacker packer;
  packer.begin();
  Packed packed;
  std::int64_t place = 1000;
  for (const LogRecord& record : records) {
    packer.add(record, record.status == 0 ? BodyPlace() : BodyPlace(place));
    place += 2000;
    packed.shown.push_back(shown(record));
  }
  packed.blob = packer.blob();
  return packed;
}

std::vector<std::string> unpack(std::string_view blob) {
  std::vector<std::string> texts;
  RecordReader reader;
  for (reader.open(blob); reader.next();) texts.push_back(shown(reader.whole_record()));
  return texts;
}

LogRecord usual_record(Random& random) {
  LogRecord record;
  record.started = WallTime(microseconds(1'700'000'000'000'000 + random.bits() % 1'000'000));
  record.id = make_uuid7(record.started, random);
  record.trace_id = make_uuid4(random);
  record.method = "POST";
  record.path = "/v1/chat/completions";
  record.endpoint = "chatComplete";
  record.provider = "openai";
  record.model = "gpt-4o-mini";
  record.answered_model = "gpt-4o-mini-2024-07-18";
  record.key_id = "key_abc";
  record.status = 200;
  record.finish_reason = "stop";
  record.times = {microseconds(812'345), microseconds(87), microseconds(512'000),
                  microseconds(700)};
  record.tokens = {11, 22, 33, {}, {}};
  record.cost_nano_usd = 6789;
  record.request.state = BodyState::whole;
  record.response.state = BodyState::truncated;
  return record;
}

LogRecord rich_record(Random& random) {
  LogRecord record = usual_record(random);
  record.span_id = "span";
  record.parent_span_id = "parent";
  record.span_name = "name";
  record.user = "bob";
  record.organization = std::string(300, 'o');
  record.metadata = {{"_user", "bob"}, {"ключ", "значение"}, {"", ""}};
  record.headers = {{"x-request-source", "test"}};
  record.streaming = Streaming::yes;
  record.ending = Ending::deadline;
  record.status = -1;
  record.retry_count = -1;
  record.cache_status = "MISS";
  record.tokens = {0, std::numeric_limits<std::int64_t>::max(), 5, 4, 3};
  record.attempts = {
      {"config.targets[0]", "openai", "m", 429, "no", microseconds(1), {}, {}, "retry"}};
  record.dropped_params = {"seed"};
  record.error = {ErrorCode::upstream_cut, Origin::upstream, "It ended \"early\"."};
  return record;
}

/// One of the three, with some of its fields changed.
LogRecord random_record(Random& random) {
  LogRecord record;
  if (random.bits() % 3 != 0) record = usual_record(random);
  if (random.bits() % 4 == 0) record = rich_record(random);
  if (random.bits() % 4 == 0) record.id = "an id of another kind";
  if (random.bits() % 4 == 0) record.trace_id.clear();
  if (random.bits() % 4 == 0) record.model = std::string(random.bits() % 40, 'm');
  if (random.bits() % 4 == 0) record.model = "gpt-4o-mi" + std::to_string(random.bits() % 9) + "i";
  if (random.bits() % 4 == 0) record.tokens.total.reset();
  if (random.bits() % 4 == 0) record.times.first_byte.reset();
  if (random.bits() % 4 == 0) record.times.total = microseconds(-5);
  return record;
}

TEST(PackedRecords, GiveBackWhatWasPutIn) {
  FastRandom random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<LogRecord> records(random.bits() % 12);
    std::ranges::generate(records, [&] { return random_record(random); });
    const Packed packed = pack(records);
    ASSERT_EQ(unpack(packed.blob), packed.shown);
  }
}

TEST(PackedRecords, GiveBackThePlacesOfBodies) {
  FastRandom random(2);
  const Packed packed = pack({usual_record(random), LogRecord(), usual_record(random)});
  RecordReader reader;
  reader.open(packed.blob);
  for (const BodyPlace place : {BodyPlace(1000), BodyPlace(), BodyPlace(5000)}) {
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.body(), place);
  }
  EXPECT_FALSE(reader.next());
}

TEST(PackedRecords, CountTheirBodiesFromABaseThatIsKnownLater) {
  FastRandom random(9);
  RecordPacker packer;
  packer.begin();
  const LogRecord first = usual_record(random);
  const LogRecord second = usual_record(random);
  packer.add(first, 0);
  packer.add(second, 70);
  packer.set_body_base(0x7'0000'1234);
  RecordReader reader;
  reader.open(packer.blob());
  for (const std::int64_t place : {0x7'0000'1234, 0x7'0000'1234 + 70}) {
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.body(), place);
  }
}

TEST(PackedRecords, AreReadAsTheyWereWrittenBeforeThereWasABase) {
  FastRandom random(10);
  Packed packed = pack({usual_record(random), usual_record(random)});
  packed.blob.erase(0, 1 + 8).insert(0, 1, '\1');
  EXPECT_EQ(unpack(packed.blob), packed.shown);
}

TEST(PackedRecords, OneReaderTakesOneBlobAfterTheOther) {
  FastRandom random(3);
  const Packed rich = pack({rich_record(random), usual_record(random)});
  const Packed empty = pack({LogRecord()});
  RecordReader reader;
  for (const Packed* packed : {&rich, &empty, &rich}) {
    reader.open(packed->blob);
    for (const std::string& expected : packed->shown) {
      ASSERT_TRUE(reader.next());
      EXPECT_EQ(shown(reader.whole_record()), expected);
    }
    EXPECT_FALSE(reader.next());
  }
}

TEST(PackedRecords, TakeFewBytesWhenTheyAreAlike) {
  FastRandom random(4);
  const std::vector<LogRecord> records(50, usual_record(random));
  EXPECT_LT(pack(records).blob.size(), 50 * 60 + 200U);
}

TEST(PackedRecords, ABlobIsFullAtABoundedSize) {
  FastRandom random(5);
  const LogRecord record = usual_record(random);
  RecordPacker packer;
  packer.begin();
  int count = 0;
  for (; !packer.is_full(); ++count) packer.add(record, {});
  EXPECT_GT(count, 40);
  EXPECT_LT(packer.blob().size(), 4096U - 100U);
}

TEST(PackedRecords, OfABlobThatIsCutOffTheRecordsBeforeTheCutAreRead) {
  FastRandom random(6);
  const Packed packed = pack({rich_record(random), usual_record(random), rich_record(random)});
  std::size_t most = 0;
  for (std::size_t size = 0; size <= packed.blob.size(); ++size) {
    const std::vector<std::string> read = unpack(std::string(packed.blob, 0, size));
    ASSERT_LE(read.size(), packed.shown.size());
    ASSERT_GE(read.size(), most);
    most = read.size();
    for (std::size_t i = 0; i < read.size(); ++i) ASSERT_EQ(read[i], packed.shown[i]);
  }
  EXPECT_EQ(most, 3U);
}

TEST(PackedRecords, BytesThatAreSpoiltEndTheReadingInBounds) {
  FastRandom random(7);
  const Packed packed = pack({rich_record(random), usual_record(random), rich_record(random)});
  for (std::size_t at = 0; at < packed.blob.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
      std::string spoilt = packed.blob;
      spoilt[at] = static_cast<char>(static_cast<unsigned char>(spoilt[at]) ^ flip);
      ASSERT_LE(unpack(spoilt).size(), spoilt.size());
    }
  }
}

TEST(PackedRecords, ABlobOfAnotherFormatHasNoRecords) {
  FastRandom random(8);
  Packed packed = pack({usual_record(random)});
  packed.blob[0] = 3;
  EXPECT_TRUE(unpack(packed.blob).empty());
  EXPECT_TRUE(unpack("").empty());
}

}  // namespace
}  // namespace gatehouse::logs
