#include "routing/retry_policy.h"

#include <gtest/gtest.h>

namespace gatehouse::routing {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kThen = 784'111'777;  // the example of RFC 9110: 6 November 1994, 08:49:37

TEST(RetryAfter, ReadsEveryFormThatIsSent) {
  const WallTime now{seconds{kThen - 7}};
  struct Case {
    FieldList fields;
    std::optional<Milliseconds> wait;
  };
  const Case cases[] = {{{{"retry-after", "2"}}, Milliseconds{2000}},
                        {{{"Retry-After", "0"}}, Milliseconds{0}},
                        {{{"retry-after", "1.5"}}, Milliseconds{1500}},
                        {{{"retry-after-ms", "250"}, {"retry-after", "9"}}, Milliseconds{250}},
                        {{{"x-ms-retry-after-ms", "30"}}, Milliseconds{30}},
                        {{{"retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"}}, Milliseconds{7000}},
                        {{{"retry-after", "Sunday, 06-Nov-94 08:49:37 GMT"}}, Milliseconds{7000}},
                        {{{"retry-after", "Sun Nov  6 08:49:37 1994"}}, Milliseconds{7000}},
                        {{{"retry-after", "Sun, 06 Nov 1994 08:49:00 GMT"}}, Milliseconds{0}},
                        {{{"retry-after", "soon"}}, std::nullopt},
                        {{{"retry-after", "-3"}}, std::nullopt},
                        {{{"retry-after", "Sun, 31 Feb 1994 08:49:37 GMT"}}, std::nullopt},
                        {{{"retry-after", "Sun, 06 Nov 1994 25:49:37 GMT"}}, std::nullopt},
                        {{{"retry-after", ""}}, std::nullopt},
                        {{}, std::nullopt}};
  for (const Case& each : cases) {
    const std::string shown = each.fields.empty() ? "nothing" : each.fields[0].second;
    EXPECT_EQ(retry_after_of(each.fields, now), each.wait) << shown;
  }
}

TEST(Backoff, DoublesOrGrowsByOne) {
  exchange::RetryRules rules;
  FastRandom random(1);
  for (const auto& [k, wait] : {std::pair{1U, 1000}, {2U, 2000}, {3U, 4000}, {5U, 16'000}}) {
    EXPECT_EQ(backoff_before(k, rules, random), Milliseconds{wait});
  }
  rules.backoff = exchange::Backoff::linear;
  EXPECT_EQ(backoff_before(3, rules, random), Milliseconds{3000});
}

TEST(Backoff, JittersBetweenHalfAndOneAndAHalf) {
  exchange::RetryRules rules;
  rules.has_jitter = true;
  FastRandom random(7);
  Milliseconds least{10'000};
  Milliseconds most{0};
  for (int i = 0; i < 1000; ++i) {
    const Milliseconds wait = backoff_before(1, rules, random);
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_GE(least, Milliseconds{500});
  EXPECT_LT(least, Milliseconds{520});
  EXPECT_LE(most, Milliseconds{1500});
  EXPECT_GT(most, Milliseconds{1480});
}

class PausesTest : public testing::Test {
 protected:
  exchange::RetryRules rules_;
  FastRandom random_{1};
};

TEST_F(PausesTest, GrantWhatIsAskedForAndAddNothingLater) {
  Pauses pauses(rules_, random_);
  EXPECT_EQ(pauses.before(1, Milliseconds{2000}), Milliseconds{2000});
  EXPECT_EQ(pauses.before(2, std::nullopt), Milliseconds{0});
}

TEST_F(PausesTest, EndWhenTheUpstreamAsksForAMinuteOrMoreInAll) {
  EXPECT_EQ(Pauses(rules_, random_).before(1, Milliseconds{60'000}), std::nullopt);
  Pauses pauses(rules_, random_);
  EXPECT_EQ(pauses.before(1, Milliseconds{40'000}), Milliseconds{40'000});
  EXPECT_EQ(pauses.before(2, Milliseconds{21'000}), std::nullopt);
}

TEST_F(PausesTest, LeaveTheFieldAloneWhenTold) {
  rules_.retry_after = exchange::RetryAfter::ignored;
  EXPECT_EQ(Pauses(rules_, random_).before(2, Milliseconds{9000}), Milliseconds{2000});
}

}  // namespace
}  // namespace gatehouse::routing
