#include "routing/gate.h"

#include <gtest/gtest.h>

#include <vector>

#include "async/until.h"

namespace gatehouse::routing {
namespace {

using std::chrono::seconds;

class GateTest : public testing::Test {
 protected:
  GateTest() { gate_.set_limits({2, 3, seconds{10}}); }

  void pass(std::chrono::milliseconds time) {
    clock_.advance(time);
    loop_.turn({});
    loop_.turn({});
  }
  /// A client that enters, and leaves again after a second.
  void come(std::string client) { loop_.spawn(call(std::move(client))); }

  FakeClock clock_;
  Gate gate_;
  async::Loop loop_{clock_};
  std::vector<std::string> entered_;
  std::vector<std::string> refused_;

 private:
  async::Task<void> call(std::string client) {
    Result<Pass> pass = co_await as_result(gate_.enter("u", client));
    if (!pass) {
      EXPECT_EQ(pass.error()->code, ErrorCode::overloaded);
      refused_.push_back(client);
      co_return;
    }
    entered_.push_back(client);
    co_await async::sleep_for(seconds{1});
  }
};

using Names = std::vector<std::string>;

TEST_F(GateTest, LetsInAsManyAsMayAndTheOthersOneByOne) {
  for (int i = 0; i < 4; ++i) come("a");
  EXPECT_EQ(gate_.active("u"), 2U);
  EXPECT_EQ(gate_.waiting("u"), 2U);
  pass(seconds{2});
  EXPECT_EQ(entered_.size(), 4U);
  pass(seconds{2});
  EXPECT_EQ(gate_.active("u"), 0U);
}

TEST_F(GateTest, RefusesWhoFindsTheQueueFull) {
  for (int i = 0; i < 6; ++i) come("a");
  EXPECT_EQ(refused_.size(), 1U);
  EXPECT_EQ(gate_.waiting("u"), 3U);
}

TEST_F(GateTest, TakesClientsInTurnHoweverManyCallsOneOfThemHas) {
  gate_.set_limits({1, 10, seconds{60}});
  for (const char* client : {"a", "a", "a", "a", "b", "c"}) come(client);
  for (int i = 0; i < 12; ++i) pass(seconds{1} + std::chrono::milliseconds{10});
  EXPECT_EQ(entered_, Names({"a", "a", "b", "c", "a", "a"}));
}

TEST_F(GateTest, LosesPatience) {
  gate_.set_limits({1, 3, std::chrono::milliseconds{500}});
  come("a");
  come("b");
  pass(std::chrono::milliseconds{600});
  EXPECT_EQ(refused_, Names({"b"}));
  EXPECT_EQ(gate_.waiting("u"), 0U);
}

TEST_F(GateTest, ForgetsWhoLeavesTheQueue) {
  {
    async::Loop other(clock_);
    Gate gate;
    gate.set_limits({1, 3, seconds{10}});
    struct Client {
      static async::Task<void> wait(Gate& at) {
        const Pass pass = co_await at.enter("u", "a");
        co_await async::sleep_for(seconds{100});
      }
    };
    {
      async::Loop inner(clock_);
      inner.spawn(Client::wait(gate));
      inner.spawn(Client::wait(gate));
      EXPECT_EQ(gate.active("u"), 1U);
      EXPECT_EQ(gate.waiting("u"), 1U);
    }
    EXPECT_EQ(gate.active("u"), 0U);
    EXPECT_EQ(gate.waiting("u"), 0U);
  }
}

http::Stream<http::Chunk> endless() {
  for (;;) co_yield async::make_chunk("x");
}

TEST_F(GateTest, KeepsThePlaceUntilTheBodyIsGone) {
  gate_.set_limits({1, 1, seconds{10}});
  http::Stream<http::Chunk> body;
  struct Client {
    static async::Task<void> take(Gate& at, http::Stream<http::Chunk>& into) {
      Pass pass = co_await at.enter("u", "a");
      into = holding(endless(), std::move(pass));
    }
  };
  loop_.spawn(Client::take(gate_, body));
  EXPECT_EQ(gate_.active("u"), 1U);
  body.cancel();
  EXPECT_EQ(gate_.active("u"), 0U) << "though it was never read";
}

}  // namespace
}  // namespace gatehouse::routing
