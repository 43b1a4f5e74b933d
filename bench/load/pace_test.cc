#include "bench/load/pace.h"

#include <gtest/gtest.h>

namespace gatehouse::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Time kStart{seconds{1000}};

TEST(Pace, CountsALateRequestFromWhenItWasDue) {
  Plan plan;
  plan.rate = 1000;
  plan.window = seconds{1};
  Pace pace(plan, kStart);
  EXPECT_EQ(pace.take(kStart), kStart);
  EXPECT_EQ(pace.take(kStart), std::nullopt);
  EXPECT_EQ(pace.next_due(), kStart + milliseconds{1});
  EXPECT_EQ(pace.take(kStart + milliseconds{9}), kStart + milliseconds{1});
  EXPECT_EQ(pace.take(kStart + milliseconds{9}), kStart + milliseconds{2});
}

TEST(Pace, StartsNothingThatIsDueAfterTheWindow) {
  Plan plan;
  plan.rate = 10;
  plan.window = milliseconds{150};
  Pace pace(plan, kStart);
  EXPECT_TRUE(pace.take(kStart + milliseconds{149}));
  EXPECT_TRUE(pace.take(kStart + milliseconds{149}));
  EXPECT_EQ(pace.take(kStart + milliseconds{149}), std::nullopt);
  EXPECT_EQ(pace.take(kStart + seconds{1}), std::nullopt);
  EXPECT_EQ(pace.started(), 2U);
}

TEST(Pace, StopsAtTheCountWhenThereIsOne) {
  Plan plan;
  plan.requests = 2;
  plan.limit = seconds{10};
  Pace pace(plan, kStart);
  EXPECT_EQ(pace.window_begin(), kStart);
  EXPECT_TRUE(pace.take(kStart));
  EXPECT_TRUE(pace.take(kStart));
  EXPECT_EQ(pace.take(kStart), std::nullopt);
}

TEST(Pace, WarmsUpBeforeTheWindow) {
  Plan plan;
  plan.warm_up = seconds{1};
  plan.window = seconds{2};
  Pace pace(plan, kStart);
  EXPECT_EQ(pace.window_begin(), kStart + seconds{1});
  EXPECT_EQ(pace.window_end(), kStart + seconds{3});
  EXPECT_TRUE(pace.take(kStart));
  EXPECT_EQ(pace.take(kStart + seconds{3}), std::nullopt);
}

}  // namespace
}  // namespace gatehouse::bench
