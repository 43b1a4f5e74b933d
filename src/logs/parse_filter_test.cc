#include "logs/parse_filter.h"

#include <gtest/gtest.h>

namespace gatehouse::logs {
namespace {

const WallTime kNow{std::chrono::seconds(1'700'000'000)};

LogFilter parsed(std::string_view query) {
  const Result<LogFilter> filter = parse_filter(query, kNow);
  EXPECT_TRUE(filter) << filter.error()->message;
  return filter.value_or(LogFilter{});
}

std::string refusal(std::string_view query) {
  const Result<LogFilter> filter = parse_filter(query, kNow);
  EXPECT_FALSE(filter) << query;
  if (filter) return "";
  EXPECT_EQ(filter.error()->code, ErrorCode::invalid_request);
  return filter.error()->message;
}

TEST(ParseFilter, AnEmptyQueryHasTheDefaults) {
  for (const char* query : {"", "&", "trace_id=", "metadata.team=&model"}) {
    const LogFilter filter = parsed(query);
    EXPECT_EQ(filter.limit, 50U);
    EXPECT_TRUE(filter.trace_id.empty() && filter.metadata.empty() && filter.model.empty());
    EXPECT_FALSE(filter.before || filter.since || filter.until || filter.ending);
  }
}

TEST(ParseFilter, ReadsEveryTextFilter) {
  const LogFilter filter =
      parsed("trace_id=t&provider=p&model=m&user=u&organization=o&endpoint=e&api_key_id=k");
  EXPECT_EQ(filter.trace_id, "t");
  EXPECT_EQ(filter.provider, "p");
  EXPECT_EQ(filter.model, "m");
  EXPECT_EQ(filter.user, "u");
  EXPECT_EQ(filter.organization, "o");
  EXPECT_EQ(filter.endpoint, "e");
  EXPECT_EQ(filter.key_id, "k");
}

TEST(ParseFilter, DecodesNamesAndValues) {
  const LogFilter filter =
      parsed("metadata.my%20key=a%2Fb+c&metadata._user=50%&headers.X-Team=A%3DB");
  EXPECT_EQ(filter.metadata, (Pairs{{"my key", "a/b c"}, {"_user", "50%"}}));
  EXPECT_EQ(filter.headers, (Pairs{{"x-team", "A=B"}}));
}

TEST(ParseFilter, TakesMetadataAsAJsonObjectToo) {
  EXPECT_EQ(parsed(R"(metadata={"team":"a","_user":"bob"})").metadata,
            (Pairs{{"team", "a"}, {"_user", "bob"}}));
  EXPECT_NE(refusal("metadata=team").find("JSON object"), std::string::npos);
  EXPECT_NE(refusal(R"(metadata={"n":1})").find("texts"), std::string::npos);
}

TEST(ParseFilter, ReadsStatusesAndClasses) {
  const LogFilter filter = parsed("status=404,5xx");
  ASSERT_EQ(filter.statuses.size(), 2U);
  EXPECT_EQ(filter.statuses[0].low, 404);
  EXPECT_EQ(filter.statuses[0].high, 404);
  EXPECT_EQ(filter.statuses[1].low, 500);
  EXPECT_EQ(filter.statuses[1].high, 599);
  EXPECT_EQ(parsed("status_code=200").statuses.size(), 1U);
}

TEST(ParseFilter, RefusesWhatIsNoStatus) {
  for (const char* query : {"status=ok", "status=5x", "status=55xx", "status=xx", "status=-1",
                            "status=1000", "status=200,bad"}) {
    EXPECT_NE(refusal(query).find("5xx"), std::string::npos) << query;
  }
}

TEST(ParseFilter, ReadsTimesAndAges) {
  EXPECT_EQ(parsed("since=1h").since, kNow - std::chrono::hours(1));
  EXPECT_EQ(parsed("since=2023-11-14T22:13:20Z").since, kNow);
  EXPECT_EQ(parsed("until=1700000000").until, kNow);
  EXPECT_EQ(parsed("start_time=1700000000000&end_time=1d").since, kNow);
  EXPECT_EQ(parsed("time_of_generation_min=2023-11-14T23:13:20+01:00").since, kNow);
  EXPECT_NE(refusal("since=yesterday").find("ISO 8601"), std::string::npos);
}

TEST(ParseFilter, ReadsLimitCursorAndEnd) {
  const LogFilter filter = parsed("limit=7&cursor=123&end=client_gone");
  EXPECT_EQ(filter.limit, 7U);
  EXPECT_EQ(filter.before, 123);
  EXPECT_EQ(filter.ending, Ending::client_gone);
  EXPECT_EQ(parsed("page_size=1000").limit, 1000U);
}

TEST(ParseFilter, RefusesBadLimitsCursorsAndEnds) {
  for (const char* query : {"limit=0", "limit=1001", "limit=ten", "limit=-1"}) {
    EXPECT_NE(refusal(query).find("1 to 1000"), std::string::npos);
  }
  EXPECT_NE(refusal("cursor=abc").find("next_cursor"), std::string::npos);
  EXPECT_NE(refusal("end=good").find("client_gone"), std::string::npos);
}

TEST(ParseFilter, AnUnknownFilterIsNamedWithTheNearestAndAll) {
  const std::string message = refusal("traceid=x");
  EXPECT_NE(message.find("`traceid`"), std::string::npos);
  EXPECT_NE(message.find("Did you mean `trace_id`?"), std::string::npos);
  EXPECT_NE(message.find("metadata.KEY"), std::string::npos);
  EXPECT_EQ(refusal("something_else=x").find("Did you mean"), std::string::npos);
}

TEST(ParseFilter, ACursorSurvivesItsText) {
  const LogPosition position = 1'700'000'000'123'456;
  EXPECT_EQ(parsed("cursor=" + format_cursor(position)).before, position);
}

}  // namespace
}  // namespace gatehouse::logs
