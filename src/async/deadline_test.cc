#include "async/deadline.h"

#include <gtest/gtest.h>

#include <vector>

#include "async/loop.h"
#include "async/until.h"

namespace gatehouse::async {
namespace {

using std::chrono::milliseconds;

class DeadlineTest : public testing::Test {
 protected:
  void pass(milliseconds time) {
    clock_.advance(time);
    loop_.turn({});
  }
  FakeClock clock_;
  Loop loop_{clock_};
};

struct Counted {
  int count = 0;
  Deadline deadline{[](void* context) { ++static_cast<Counted*>(context)->count; }, this};
};

TEST_F(DeadlineTest, FiresOnceAndNeverEarly) {
  Counted counted;
  counted.deadline.arm(milliseconds{100});
  pass(milliseconds{99});
  EXPECT_EQ(counted.count, 0);
  pass(milliseconds{1 + DeadlineWheel::kTick.count()});
  EXPECT_EQ(counted.count, 1);
  pass(milliseconds{10'000});
  EXPECT_EQ(counted.count, 1);
}

TEST_F(DeadlineTest, WaitsForItsOwnTurnOfTheWheel) {
  Counted far;
  far.deadline.arm(std::chrono::minutes{5});
  for (int minute = 0; minute < 4; ++minute) pass(std::chrono::minutes{1});
  EXPECT_EQ(far.count, 0);
  pass(std::chrono::seconds{61});
  EXPECT_EQ(far.count, 1);
}

TEST_F(DeadlineTest, CancelledOrDestroyedItDoesNotFire) {
  Counted cancelled;
  cancelled.deadline.arm(milliseconds{10});
  cancelled.deadline.cancel();
  {
    Counted destroyed;
    destroyed.deadline.arm(milliseconds{10});
  }
  pass(milliseconds{100});
  EXPECT_EQ(cancelled.count, 0);
}

TEST_F(DeadlineTest, ArmedAnewItFiresAtItsLastTimeAlone) {
  Counted later;
  Counted sooner;
  later.deadline.arm(milliseconds{100});
  sooner.deadline.arm(milliseconds{10'000});
  pass(milliseconds{50});
  later.deadline.arm(milliseconds{200});  // it stands at 100 still
  sooner.deadline.arm(milliseconds{100});
  pass(milliseconds{110});
  EXPECT_EQ(later.count, 0);
  EXPECT_EQ(sooner.count, 1);
  pass(milliseconds{100});
  EXPECT_EQ(later.count, 1);
  pass(milliseconds{20'000});
  EXPECT_EQ(later.count, 1);
  EXPECT_EQ(sooner.count, 1);
}

TEST_F(DeadlineTest, CancelledAndArmedAgainItFiresOnce) {
  Counted counted;
  counted.deadline.arm(milliseconds{100});
  counted.deadline.cancel();
  EXPECT_FALSE(counted.deadline.is_armed());
  counted.deadline.arm(milliseconds{5000});  // more than a turn of the wheel
  EXPECT_TRUE(counted.deadline.is_armed());
  pass(milliseconds{4990});
  EXPECT_EQ(counted.count, 0);
  pass(milliseconds{20});
  EXPECT_EQ(counted.count, 1);
  EXPECT_FALSE(counted.deadline.is_armed());
}

TEST_F(DeadlineTest, ACallbackMayArmAnotherThatIsDueAnew) {
  Counted second;
  struct First {
    Deadline& other;
    Deadline deadline{
        [](void* context) { static_cast<First*>(context)->other.arm(milliseconds{50}); }, this};
  } first{second.deadline};
  first.deadline.arm(milliseconds{10});
  second.deadline.arm(milliseconds{10});
  pass(milliseconds{20});
  EXPECT_EQ(second.count, 0);
  pass(milliseconds{60});
  EXPECT_EQ(second.count, 1);
}

TEST_F(DeadlineTest, MayOutliveItsLoop) {
  Counted counted;
  {
    Loop loop(clock_);
    counted.deadline.arm(milliseconds{10});
  }
  EXPECT_EQ(counted.count, 0);
}

TEST_F(DeadlineTest, ACallbackMayCancelAnotherThatIsDue) {
  Counted second;
  struct First {
    Deadline& other;
    Deadline deadline{[](void* context) { static_cast<First*>(context)->other.cancel(); }, this};
  } first{second.deadline};
  first.deadline.arm(milliseconds{10});
  second.deadline.arm(milliseconds{10});
  pass(milliseconds{100});
  EXPECT_EQ(second.count, 0);
}

TEST_F(DeadlineTest, TheLoopSleepsUntilTheNextOneAndNotLonger) {
  Counted near;
  Counted far;
  far.deadline.arm(milliseconds{3000});
  near.deadline.arm(milliseconds{50});
  const milliseconds sleep = loop_.deadlines().time_to_next(loop_.now());
  EXPECT_GE(sleep, milliseconds{46});
  EXPECT_LE(sleep, milliseconds{50} + 2 * DeadlineWheel::kTick);
  pass(milliseconds{60});
  EXPECT_GT(loop_.deadlines().time_to_next(loop_.now()), milliseconds{2000});
}

Task<void> sleeps(std::vector<int>& order, int number, milliseconds time) {
  co_await sleep_for(time);
  order.push_back(number);
}

TEST_F(DeadlineTest, SleepersWakeInTheOrderOfTheirTimes) {
  std::vector<int> order;
  loop_.spawn(sleeps(order, 2, milliseconds{200}));
  loop_.spawn(sleeps(order, 1, milliseconds{100}));
  pass(milliseconds{150});
  EXPECT_EQ(order, std::vector<int>({1}));
  pass(milliseconds{100});
  EXPECT_EQ(order, std::vector<int>({1, 2}));
  EXPECT_EQ(loop_.spawned(), 0U);
}

Task<void> gives_up(Trigger& trigger, std::vector<int>& order) {
  Result<void> outcome = co_await as_result(until(sleeps(order, 7, milliseconds{1000}), trigger,
                                                  client_error(ErrorCode::client_gone, "left")));
  order.push_back(outcome ? 1 : -1);
}

TEST_F(DeadlineTest, ATriggerEndsTheTaskThatItWatches) {
  std::vector<int> order;
  Trigger trigger;
  loop_.spawn(gives_up(trigger, order));
  pass(milliseconds{10});
  trigger.fire();
  pass(milliseconds{5000});
  EXPECT_EQ(order, std::vector<int>({-1}));
}

TEST_F(DeadlineTest, ATriggerThatComesTooLateChangesNothing) {
  std::vector<int> order;
  Trigger trigger;
  loop_.spawn(gives_up(trigger, order));
  pass(milliseconds{1100});
  trigger.fire();
  EXPECT_EQ(order, std::vector<int>({7, 1}));
}

}  // namespace
}  // namespace gatehouse::async
