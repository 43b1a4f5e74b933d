#include "logs/times.h"

#include <gtest/gtest.h>

namespace gatehouse::logs {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

const WallTime kTime{seconds(1'700'000'000)};  // 2023-11-14T22:13:20Z

TEST(Times, AreWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(format_time(kTime), "2023-11-14T22:13:20.000Z");
  EXPECT_EQ(format_time(kTime + microseconds(1'002'999)), "2023-11-14T22:13:21.002Z");
  EXPECT_EQ(format_time(WallTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(WallTime(microseconds(-1000))), "1969-12-31T23:59:59.999Z");
}

TEST(Times, AreReadInEveryUsualForm) {
  for (const char* text :
       {"2023-11-14T22:13:20Z", "2023-11-14t22:13:20z", "2023-11-14 22:13:20",
        "2023-11-14T22:13:20.000Z", "2023-11-15T00:13:20+02:00", "2023-11-14T17:43:20-0430",
        "2023-11-15T00:13:20 02:00", "1700000000", "1700000000000", " 1700000000 "}) {
    EXPECT_EQ(parse_time(text), kTime) << text;
  }
  EXPECT_EQ(parse_time("2023-11-14"), kTime - seconds(22 * 3600 + 13 * 60 + 20));
  EXPECT_EQ(parse_time("2023-11-14T22:13"), kTime - seconds(20));
  EXPECT_EQ(parse_time("2023-11-14T22:13:20.123456789Z"), kTime + microseconds(123'456));
}

TEST(Times, ThatDoNotExistAreRefused) {
  for (const char* text : {"", "now", "2023-02-30", "2023-13-01", "2023-1-1",
                           "2023-11-14T25:00:00Z", "2023-11-14T22:61:00Z", "2023-11-14T22:13:20X",
                           "2023-11-14T22:13:20Z!", "-5", "17000000000000000"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(Times, AWrittenTimeIsReadBack) {
  const WallTime time = kTime + microseconds(345'000);
  EXPECT_EQ(parse_time(format_time(time)), time);
}

TEST(Durations, HaveANumberAndAUnit) {
  EXPECT_EQ(parse_duration("90s"), seconds(90));
  EXPECT_EQ(parse_duration("15m"), seconds(900));
  EXPECT_EQ(parse_duration("1h"), seconds(3600));
  EXPECT_EQ(parse_duration("30d"), seconds(30 * 86'400));
  EXPECT_EQ(parse_duration("2w"), seconds(14 * 86'400));
  for (const char* text : {"", "h", "1", "0h", "-1h", "1y", "1.5h", "99999999999d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Durations, CountBackFromNowWhereATimeIsExpected) {
  EXPECT_EQ(parse_time_or_age("1h", kTime), kTime - seconds(3600));
  EXPECT_EQ(parse_time_or_age("1700000000", WallTime{}), kTime);
}

}  // namespace
}  // namespace gatehouse::logs
