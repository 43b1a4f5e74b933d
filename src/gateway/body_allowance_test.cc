#include "gateway/body_allowance.h"

#include <gtest/gtest.h>

namespace gatehouse::gateway {
namespace {

using namespace std::chrono_literals;

constexpr MonotonicTime kStart{1h};

TEST(BodyAllowance, KeepsEverythingWithoutARate) {
  BodyAllowance allowance;
  allowance.set_rate(0);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(allowance.has_room(kStart));
    allowance.spend(1'000'000);
  }
}

TEST(BodyAllowance, KeepsOneSecondsWorthAtOnceAndThenNoMore) {
  BodyAllowance allowance;
  allowance.set_rate(1'000);
  int kept = 0;
  while (allowance.has_room(kStart)) {
    allowance.spend(300);
    ++kept;
  }
  EXPECT_EQ(kept, 4);
}

TEST(BodyAllowance, HasRoomAgainAsTimePasses) {
  BodyAllowance allowance;
  allowance.set_rate(1'000);
  EXPECT_TRUE(allowance.has_room(kStart));
  allowance.spend(1'500);
  EXPECT_FALSE(allowance.has_room(kStart + 400ms));
  EXPECT_TRUE(allowance.has_room(kStart + 600ms));
}

TEST(BodyAllowance, SavesUpNoMoreThanOneSecond) {
  BodyAllowance allowance;
  allowance.set_rate(1'000);
  EXPECT_TRUE(allowance.has_room(kStart + 1h));
  allowance.spend(1'000);
  EXPECT_FALSE(allowance.has_room(kStart + 1h));
}

}  // namespace
}  // namespace gatehouse::gateway
