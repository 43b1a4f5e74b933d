#include "routing/breaker.h"

#include <gtest/gtest.h>

#include "routing/health.h"

namespace gatehouse::routing {
namespace {

using std::chrono::seconds;

class BreakerTest : public testing::Test {
 protected:
  MonotonicTime now() const { return clock_.now(); }
  void fail(int times) {
    for (int i = 0; i < times; ++i) breaker_.record_failure(rules_, now());
  }
  FakeClock clock_;
  Breaker breaker_;
  std::optional<exchange::BreakerRules> rules_;
};

TEST_F(BreakerTest, OpensAfterThreeFailuresInARow) {
  fail(2);
  EXPECT_EQ(breaker_.admit(now()), Admission::allowed);
  breaker_.record_success(now());
  fail(2);
  EXPECT_EQ(breaker_.state(now()), BreakerState::closed) << "a success in between";
  fail(1);
  EXPECT_EQ(breaker_.admit(now()), Admission::refused);
}

TEST_F(BreakerTest, OpensWhenHalfOfManyCallsFail) {
  for (int i = 0; i < 5; ++i) {
    breaker_.record_success(now());
    EXPECT_EQ(breaker_.state(now()), BreakerState::closed);
    fail(1);
  }
  EXPECT_EQ(breaker_.state(now()), BreakerState::open);
}

TEST_F(BreakerTest, LetsOneProbeThroughAfterTheCooldown) {
  fail(3);
  clock_.advance(seconds{10});
  EXPECT_EQ(breaker_.state(now()), BreakerState::half_open);
  EXPECT_EQ(breaker_.admit(now()), Admission::probe);
  EXPECT_EQ(breaker_.admit(now()), Admission::refused);
  breaker_.record_success(now());
  EXPECT_EQ(breaker_.admit(now()), Admission::allowed);
}

TEST_F(BreakerTest, WaitsLongerAfterEachProbeThatFails) {
  fail(3);
  for (const seconds cooldown : {seconds{10}, seconds{20}, seconds{30}, seconds{30}}) {
    clock_.advance(cooldown - seconds{1});
    EXPECT_EQ(breaker_.admit(now()), Admission::refused) << cooldown.count();
    clock_.advance(seconds{1});
    EXPECT_EQ(breaker_.admit(now()), Admission::probe);
    fail(1);
  }
}

TEST_F(BreakerTest, MeetsAMinuteOfOutageWithAtMostThreeProbes) {
  fail(3);
  int probes = 0;
  for (int second = 0; second < 60; ++second) {
    clock_.advance(seconds{1});
    if (breaker_.admit(now()) != Admission::probe) continue;
    ++probes;
    fail(1);
  }
  EXPECT_LE(probes, 3);
  EXPECT_GE(probes, 1);
}

TEST_F(BreakerTest, GivesTheProbesPlaceToAnotherWhenNobodyReports) {
  fail(3);
  clock_.advance(seconds{10});
  EXPECT_EQ(breaker_.admit(now()), Admission::probe);
  breaker_.forget_probe();
  EXPECT_EQ(breaker_.admit(now()), Admission::probe);
  clock_.advance(seconds{61});
  EXPECT_EQ(breaker_.admit(now()), Admission::probe);
}

TEST_F(BreakerTest, ForgetsFailuresThatAreOlderThanTheWindow) {
  rules_ = exchange::BreakerRules{};
  rules_->failure_threshold = 3;
  fail(3);
  clock_.advance(seconds{61});
  fail(1);
  EXPECT_EQ(breaker_.state(now()), BreakerState::closed);
  fail(3);
  EXPECT_EQ(breaker_.state(now()), BreakerState::open) << "four exceed a threshold of three";
}

TEST_F(BreakerTest, FollowsTheRulesOfAConfig) {
  rules_ = exchange::BreakerRules{};
  rules_->failure_percentage = 20;
  rules_->minimum_requests = 10;
  rules_->cooldown = seconds{45};
  for (int i = 0; i < 7; ++i) breaker_.record_success(now());
  fail(2);
  EXPECT_EQ(breaker_.state(now()), BreakerState::closed) << "fewer than the minimum";
  fail(1);
  EXPECT_EQ(breaker_.state(now()), BreakerState::open);
  clock_.advance(seconds{44});
  EXPECT_EQ(breaker_.state(now()), BreakerState::open);
  clock_.advance(seconds{1});
  EXPECT_EQ(breaker_.state(now()), BreakerState::half_open);
}

class HealthTest : public testing::Test {
 protected:
  MonotonicTime now() const { return clock_.now(); }
  FakeClock clock_;
  Health health_;
};

TEST_F(HealthTest, KeepsUpstreamsApart) {
  for (int i = 0; i < 3; ++i) health_.record_failure("a", std::nullopt, now());
  EXPECT_TRUE(health_.is_open("a", now()));
  EXPECT_FALSE(health_.is_open("b", now()));
  EXPECT_EQ(health_.admit("a", now()), Admission::refused);
  EXPECT_EQ(health_.admit("b", now()), Admission::allowed);
}

TEST_F(HealthTest, GrantsRetriesUpToAShareOfTheCallsAndNeverFewerThanTenASecond) {
  int granted = 0;
  while (health_.take_retry("quiet", now())) ++granted;
  EXPECT_EQ(granted, 100) << "ten a second in a window of ten";
  for (int i = 0; i < 5000; ++i) health_.count_call("busy", now());
  granted = 0;
  while (health_.take_retry("busy", now())) ++granted;
  EXPECT_EQ(granted, 1000);
  clock_.advance(seconds{11});
  EXPECT_TRUE(health_.take_retry("busy", now()));
}

TEST_F(HealthTest, GrantsHedgesUpToTheirShare) {
  for (int i = 0; i < 200; ++i) health_.count_call("a", now());
  int granted = 0;
  while (health_.take_hedge("a", 0.05, now())) ++granted;
  EXPECT_EQ(granted, 10);
}

TEST_F(HealthTest, LearnsTheSlowestTwentieth) {
  EXPECT_FALSE(health_.p95("a", now()));
  for (int i = 0; i < 94; ++i) {
    health_.record_success("a", std::chrono::milliseconds{100}, now());
  }
  for (int i = 0; i < 6; ++i) health_.record_success("a", seconds{2}, now());
  const auto p95 = health_.p95("a", now());
  ASSERT_TRUE(p95);
  EXPECT_GE(*p95, seconds{2});
  EXPECT_LE(*p95, std::chrono::milliseconds{2600});
  EXPECT_GT(health_.average("a", now()), std::chrono::milliseconds{100});
}

TEST_F(HealthTest, StaysBounded) {
  for (std::size_t i = 0; i < Health::kMostUpstreams + 100; ++i) {
    health_.count_call(std::to_string(i), now());
    clock_.advance(std::chrono::milliseconds{1});
  }
  EXPECT_EQ(health_.report(now()).size(), Health::kMostUpstreams);
}

}  // namespace
}  // namespace gatehouse::routing
