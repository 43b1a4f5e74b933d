#include "bench/upstream/answers.h"

#include <gtest/gtest.h>

namespace gatehouse::bench {
namespace {

TEST(Answers, HaveTheSizesThatTheFiguresAreQuotedFor) {
  EXPECT_EQ(completion().size(), kCompletionSize);
  const std::vector<std::string> events = stream_events();
  ASSERT_EQ(events.size(), kEventsPerStream + 1);
  for (std::size_t i = 0; i < kEventsPerStream; ++i) EXPECT_EQ(events[i].size(), kEventSize) << i;
  EXPECT_EQ(events.back(), "data: [DONE]\n\n");
}

TEST(Answers, CarryUsageInTheCompletionAndInTheLastChunkOnly) {
  EXPECT_NE(completion().find(R"("usage":{)"), std::string::npos);
  const std::vector<std::string> events = stream_events();
  for (std::size_t i = 0; i < kEventsPerStream; ++i) {
    const bool has_usage = events[i].find(R"("usage":{)") != std::string::npos;
    EXPECT_EQ(has_usage, i == kEventsPerStream - 1) << i;
  }
}

TEST(Answers, SeeARequestForAStream) {
  EXPECT_TRUE(asks_for_stream(R"({"model":"m","stream":true})"));
  EXPECT_TRUE(asks_for_stream(R"({"model":"m","stream": true})"));
  EXPECT_FALSE(asks_for_stream(R"({"model":"m","stream":false})"));
}

}  // namespace
}  // namespace gatehouse::bench
