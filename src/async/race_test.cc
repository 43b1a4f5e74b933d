#include "async/race.h"

#include <gtest/gtest.h>

#include <vector>

#include "async/timed_stream.h"
#include "async/until.h"

namespace gatehouse::async {
namespace {

using std::chrono::milliseconds;

class RaceTest : public testing::Test {
 protected:
  void pass(milliseconds time) {
    clock_.advance(time);
    loop_.turn({});
  }
  FakeClock clock_;
  Loop loop_{clock_};
};

Task<int> after(milliseconds time, int value) {
  if (time.count() > 0) co_await sleep_for(time);
  co_return value;
}

Task<void> tells(std::vector<int>& told, std::vector<int> times) {
  Race<int> race;
  for (const int time : times) race.add(after(milliseconds{time}, time));
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::size_t index = co_await race.next();
    told.push_back(co_await race.take(index));
  }
}

TEST_F(RaceTest, TellsTasksInTheOrderInWhichTheyFinish) {
  std::vector<int> told;
  loop_.spawn(tells(told, {300, 100, 200, 0}));
  EXPECT_EQ(told, std::vector<int>({0}));
  pass(milliseconds{110});
  pass(milliseconds{100});
  pass(milliseconds{100});
  EXPECT_EQ(told, std::vector<int>({0, 100, 200, 300}));
}

struct Counted {
  explicit Counted(int& count) : alive(&count) { ++*alive; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --*alive; }
  int* alive;
};

Task<int> counted(int& alive, milliseconds time) {
  const Counted here(alive);
  co_return co_await after(time, 1);
}

Task<void> takes_the_first(int& alive, int& winner) {
  Race<int> race;
  race.add(counted(alive, milliseconds{1000}));
  race.add(counted(alive, milliseconds{100}));
  winner = static_cast<int>(co_await race.next());
}

TEST_F(RaceTest, DestroysTheLosersWhereverTheyStand) {
  int alive = 0;
  int winner = -1;
  loop_.spawn(takes_the_first(alive, winner));
  EXPECT_EQ(alive, 2);
  pass(milliseconds{110});
  EXPECT_EQ(winner, 1);
  EXPECT_EQ(alive, 0);
}

Task<void> adds_later(std::vector<int>& told) {
  Race<int> race;
  race.add(after(milliseconds{300}, 300));
  race.add(after(milliseconds{100}, 100));
  for (int left = 3; left > 0; --left) {
    const std::size_t index = co_await race.next();
    told.push_back(co_await race.take(index));
    if (left == 3) race.add(after(milliseconds{100}, 7));
  }
}

TEST_F(RaceTest, TakesMoreWhileItRuns) {
  std::vector<int> told;
  loop_.spawn(adds_later(told));
  for (int i = 0; i < 4; ++i) pass(milliseconds{105});
  EXPECT_EQ(told, std::vector<int>({100, 7, 300}));
}

Stream<int> counts(milliseconds pause) {
  for (int i = 1;; ++i) {
    if (i > 1) co_await sleep_for(pause);
    co_yield i;
  }
}

Task<void> reads(std::vector<int>& got, milliseconds pause, milliseconds limit) {
  TimedStream<int> timed(counts(pause));
  for (;;) {
    Error late = upstream_error(ErrorCode::request_timeout, "late");
    Result<int*> next = co_await as_result(timed.next(limit, std::move(late)));
    got.push_back(next ? **next : -1);
    if (!next) co_return;
  }
}

TEST_F(RaceTest, ATimedStreamEndsWhenItsNextValueIsLate) {
  std::vector<int> quick;
  std::vector<int> slow;
  loop_.spawn(reads(quick, milliseconds{50}, milliseconds{100}));
  loop_.spawn(reads(slow, milliseconds{500}, milliseconds{100}));
  for (int i = 0; i < 10; ++i) pass(milliseconds{30});
  EXPECT_EQ(slow, std::vector<int>({1, -1}));
  EXPECT_GE(quick.size(), 4U);
  EXPECT_EQ(quick.back(), static_cast<int>(quick.size()));
}

}  // namespace
}  // namespace gatehouse::async
