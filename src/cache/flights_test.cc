#include "cache/flights.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <vector>

#include "async/thread.h"
#include "async/until.h"

namespace gatehouse::cache {
namespace {

using async::Loop;
using async::Task;
using exchange::CacheStatus;

const Key kKey = KeyParts().with("question");

EntryPtr answer() {
  Entry entry;
  entry.body = "answer";
  return std::make_shared<const Entry>(std::move(entry));
}

/// A call that follows, and what became of it.
struct Call {
  std::optional<Verdict> verdict;
  std::unique_ptr<Task<void>> task;
};

Task<void> follow(Follower follower, Call& call, std::chrono::milliseconds longest) {
  call.verdict.emplace(co_await follower.wait(longest));
}

class FlightsTest : public testing::Test {
 protected:
  struct Idle : async::Waiter {
    Idle()
        : Waiter(
              [](Waiter&) noexcept -> std::coroutine_handle<> { return std::noop_coroutine(); }) {}
  };

  Lead lead() {
    Seat seat = flights_.board(kKey);
    return std::get<Lead>(std::move(seat));
  }
  std::unique_ptr<Call> board_behind(std::chrono::milliseconds longest = {}) {
    auto call = std::make_unique<Call>();
    Seat seat = flights_.board(kKey);
    call->task =
        std::make_unique<Task<void>>(follow(std::get<Follower>(std::move(seat)), *call, longest));
    EXPECT_TRUE(call->task->start(idle_));
    return call;
  }
  void turn() { loop_.turn(std::chrono::milliseconds(0)); }

  FakeClock clock_;
  Loop loop_{clock_};
  Flights flights_;
  Idle idle_;
};

TEST_F(FlightsTest, TheFirstLeadsAndTheOthersFollow) {
  EXPECT_TRUE(std::holds_alternative<Lead>(flights_.board(KeyParts().with("another"))));
  const Seat first = flights_.board(kKey);
  const Seat second = flights_.board(kKey);
  EXPECT_TRUE(std::holds_alternative<Lead>(first));
  EXPECT_TRUE(std::holds_alternative<Follower>(second));
}

TEST_F(FlightsTest, EveryoneGetsWhatTheLeaderBrings) {
  Lead first = lead();
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < 99; ++i) calls.push_back(board_behind());
  EXPECT_EQ(flights_.waiting(), 99U);
  first.land({answer(), CacheStatus::semantic_hit});
  turn();
  for (const auto& call : calls) {
    ASSERT_TRUE(call->verdict && std::holds_alternative<Landed>(*call->verdict));
    EXPECT_EQ(std::get<Landed>(*call->verdict).entry->body, "answer");
    EXPECT_EQ(std::get<Landed>(*call->verdict).status, CacheStatus::semantic_hit);
  }
  EXPECT_TRUE(std::holds_alternative<Lead>(flights_.board(kKey)));
}

TEST_F(FlightsTest, ALeaderThatLeavesIsFollowedByOneOfTheOthers) {
  std::optional<Lead> first(lead());
  const auto second = board_behind();
  const auto third = board_behind();
  first.reset();
  turn();
  ASSERT_TRUE(second->verdict && std::holds_alternative<Lead>(*second->verdict));
  EXPECT_FALSE(third->verdict);
  std::get<Lead>(*second->verdict).land({answer(), CacheStatus::hit});
  turn();
  EXPECT_TRUE(third->verdict && std::holds_alternative<Landed>(*third->verdict));
}

TEST_F(FlightsTest, LeadersMayLeaveOneAfterTheOther) {
  std::optional<Lead> first(lead());
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < 5; ++i) calls.push_back(board_behind());
  first.reset();
  for (const auto& call : calls) {
    turn();
    ASSERT_TRUE(call->verdict && std::holds_alternative<Lead>(*call->verdict));
    call->verdict.reset();  // its client leaves too
  }
  EXPECT_TRUE(std::holds_alternative<Lead>(flights_.board(kKey)));
}

TEST_F(FlightsTest, AFollowerThatLeftIsNotMadeALeader) {
  std::optional<Lead> first(lead());
  auto second = board_behind();
  const auto third = board_behind();
  second.reset();
  first.reset();
  turn();
  EXPECT_TRUE(third->verdict && std::holds_alternative<Lead>(*third->verdict));
}

TEST_F(FlightsTest, ALeadOnItsWayToOneThatLeavesGoesOnToTheNext) {
  std::optional<Lead> first(lead());
  auto second = board_behind();
  const auto third = board_behind();
  first.reset();   // the lead is under way to the second
  second.reset();  // which leaves before the loop turns
  turn();
  turn();
  EXPECT_TRUE(third->verdict && std::holds_alternative<Lead>(*third->verdict));
}

TEST_F(FlightsTest, AnAnswerThatIsNotSharedSendsEveryoneOffAlone) {
  Lead first = lead();
  const auto second = board_behind();
  const auto third = board_behind();
  first.release();
  turn();
  EXPECT_TRUE(second->verdict && std::holds_alternative<Alone>(*second->verdict));
  EXPECT_TRUE(third->verdict && std::holds_alternative<Alone>(*third->verdict));
}

TEST_F(FlightsTest, OneMoreTriesWhenTheLeaderFailsAndThenNobodyWaits) {
  Lead first = lead();
  const auto second = board_behind();
  const auto third = board_behind();
  first.fail();
  turn();
  ASSERT_TRUE(second->verdict && std::holds_alternative<Lead>(*second->verdict));
  EXPECT_FALSE(third->verdict);
  std::get<Lead>(*second->verdict).fail();
  turn();
  EXPECT_TRUE(third->verdict && std::holds_alternative<Alone>(*third->verdict));
}

TEST_F(FlightsTest, NobodyWaitsLongerThanHeWantsTo) {
  std::optional<Lead> first(lead());
  const auto second = board_behind(std::chrono::milliseconds(100));
  const auto third = board_behind();
  clock_.advance(std::chrono::milliseconds(200));
  turn();
  ASSERT_TRUE(second->verdict && std::holds_alternative<Alone>(*second->verdict));
  EXPECT_EQ(flights_.waiting(), 1U);
  first.reset();
  turn();
  EXPECT_TRUE(third->verdict && std::holds_alternative<Lead>(*third->verdict));
}

Task<void> ride(Flights& flights, std::size_t riders, std::atomic<int>& asked,
                std::atomic<int>& answered) {
  Seat seat = flights.board(kKey);
  if (auto* const leader = std::get_if<Lead>(&seat)) {
    asked.fetch_add(1);
    while (flights.waiting() + 1 < riders) {
      co_await async::sleep_for(std::chrono::milliseconds(1));
    }
    leader->land({answer(), CacheStatus::hit});
    answered.fetch_add(1);
  } else {
    Follower& follower = std::get<Follower>(seat);
    const Verdict verdict = co_await follower.wait({});
    if (std::holds_alternative<Landed>(verdict)) answered.fetch_add(1);
  }
  Loop::current().stop();
}

TEST(Flights, CallsOnSeveralLoopsAreOneCall) {
  constexpr int kRiders = 8;
  const SystemClock clock;
  Flights flights;
  std::atomic<int> asked{0};
  std::atomic<int> answered{0};
  std::vector<std::unique_ptr<async::Thread>> threads;
  for (int i = 0; i < kRiders; ++i) {
    threads.push_back(std::make_unique<async::Thread>([&] {
      Loop loop(clock);
      loop.spawn(ride(flights, kRiders, asked, answered));
      loop.run();
    }));
  }
  threads.clear();  // waits for them
  EXPECT_EQ(asked.load(), 1);
  EXPECT_EQ(answered.load(), kRiders);
}

/// Boards and leaves at once, in whatever way its number says; those who come last ask again.
Task<void> come_and_go(Flights& flights, int number, std::atomic<int>& landed) {
  for (int round = 0; round < 200; ++round) {
    Seat seat = flights.board(kKey);
    if (auto* const leader = std::get_if<Lead>(&seat)) {
      co_await async::sleep_for(std::chrono::milliseconds(round % 2));
      if ((round + number) % 3 == 0) leader->land({answer(), CacheStatus::hit});
      if ((round + number) % 3 == 1) leader->fail();
    } else {
      Follower& follower = std::get<Follower>(seat);
      Verdict verdict = co_await follower.wait(std::chrono::milliseconds(round % 5));
      if (std::holds_alternative<Landed>(verdict)) landed.fetch_add(1);
    }
  }
  Loop::current().stop();
}

TEST(Flights, NobodyIsForgottenWhereLeadersComeAndGo) {
  const SystemClock clock;
  Flights flights;
  std::atomic<int> landed{0};
  std::vector<std::unique_ptr<async::Thread>> threads;
  for (int i = 0; i < 4; ++i) {
    threads.push_back(std::make_unique<async::Thread>([&, i] {
      Loop loop(clock);
      loop.spawn(come_and_go(flights, i, landed));
      loop.run();
    }));
  }
  threads.clear();
  EXPECT_EQ(flights.waiting(), 0U);
  EXPECT_TRUE(std::holds_alternative<Lead>(flights.board(kKey)));
}

}  // namespace
}  // namespace gatehouse::cache
