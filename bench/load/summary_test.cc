#include "bench/load/summary.h"

#include <gtest/gtest.h>

namespace gatehouse::bench {
namespace {

TEST(Summary, TakesQuantilesByNearestRank) {
  std::vector<double> values{50, 10, 40, 20, 30, 100, 90, 60, 80, 70};
  EXPECT_EQ(quantile(values, 0.5), 50);
  EXPECT_EQ(quantile(values, 0.99), 100);
  EXPECT_EQ(quantile(values, 0), 10);
  std::vector<double> none;
  EXPECT_EQ(quantile(none, 0.5), 0);
}

TEST(Summary, StaysJsonWhateverAFailureQuotes) {
  Outcome outcome;
  outcome.failures = 1;
  outcome.first_failure = "HTTP/1.1 500 \"\\\n";
  EXPECT_NE(to_json(outcome).find(R"("first_failure":"HTTP/1.1 500 '??")"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::bench
