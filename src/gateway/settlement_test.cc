// The hardest law: a request ends when its body ends, exactly once, however it ends.
#include "gateway/settlement.h"

#include <gtest/gtest.h>

#include <vector>

#include "async/until.h"
#include "gateway/respond.h"
#include "logs/folded_text.h"

namespace gatehouse::gateway {
namespace {

using async::Loop;
using async::Stream;
using async::Task;
using http::Chunk;

struct FakeBooks final : Books {
  void close(std::unique_ptr<Exchange> exchange, Ending ending) noexcept override {
    endings.push_back(ending);
    last_error = exchange->error ? exchange->error->message : "";
    const exchange::Captured& kept = exchange->response;
    body = kept.is_folded ? logs::unfolded(kept.text) : kept.text;
  }
  bool is_cutting() const override { return is_ending; }
  std::vector<Ending> endings;
  std::string last_error;
  std::string body;
  bool is_ending = false;
};

std::unique_ptr<Exchange> new_exchange() {
  auto exchange = std::make_unique<Exchange>();
  exchange->provider = "fake";
  exchange->response.is_on = true;
  exchange->response.limit = 10'000;
  return exchange;
}

constexpr std::string_view kDelta =
    "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n";
constexpr std::string_view kFinish =
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
constexpr std::string_view kUsage =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n";
constexpr std::string_view kDone = "data: [DONE]\n\n";

/// An upstream that says the given pieces and then ends as told.
enum class Tail : std::uint8_t { end, cut, stall, deadline };
Stream<Chunk> upstream(std::vector<std::string_view> pieces, Tail tail) {
  for (const std::string_view piece : pieces) co_yield async::make_chunk(std::string(piece));
  if (tail == Tail::stall) co_await async::sleep_for(std::chrono::hours{1});
  if (tail == Tail::cut) {
    co_await Result<void>(fail(upstream_error(ErrorCode::upstream_cut, "connection lost")));
  }
  if (tail == Tail::deadline) {
    co_await Result<void>(fail(upstream_error(ErrorCode::request_timeout, "too slow")));
  }
}

attempt::AnswerPtr answer_of(std::vector<std::string_view> pieces, Tail tail) {
  auto answer = std::make_unique<attempt::Answer>();
  answer->status = 200;
  answer->content_type = "text/event-stream";
  answer->body = upstream(std::move(pieces), tail);
  return answer;
}

/// A client that reads so many chunks (-1: all), then keeps waiting for more.
Task<void> read_chunks(http::Response response, int count, std::string& seen) {
  while (count != 0) {
    Chunk* const chunk = co_await response.body.next();
    if (chunk == nullptr) co_return;
    seen += chunk->view();
    --count;
  }
}

class SettlementTest : public testing::Test {
 protected:
  http::Response response(std::vector<std::string_view> pieces, Tail tail) {
    return respond(answer_of(std::move(pieces), tail), Settlement(books_, new_exchange()));
  }
  void read(std::vector<std::string_view> pieces, Tail tail, int count) {
    loop_.spawn(read_chunks(response(std::move(pieces), tail), count, seen_));
    loop_.turn({});
  }
  void expect_one(Ending ending) {
    ASSERT_EQ(books_.endings.size(), 1U);
    EXPECT_EQ(books_.endings.front(), ending);
  }

  FakeClock clock_;
  Loop loop_{clock_};
  FakeBooks books_;
  std::string seen_;
};

TEST_F(SettlementTest, AnAnswerReadToItsEndIsComplete) {
  read({kDelta, kFinish, kUsage, kDone}, Tail::end, -1);
  expect_one(Ending::complete);
  EXPECT_EQ(books_.body, seen_);
}

TEST_F(SettlementTest, KeepsAStreamWholeHoweverManyOfItsEventsAreLookedAtTogether) {
  const std::string large =
      "data: {\"choices\":[{\"delta\":{\"content\":\"" + std::string(3200, 'x') + "\"}}]}\n\n";
  std::vector<std::string_view> pieces(80, kDelta);
  pieces[30] = large;
  pieces[60] = "data: half";
  pieces.insert(pieces.end(), {kFinish, kUsage, kDone});
  read(pieces, Tail::end, -1);
  expect_one(Ending::complete);
  EXPECT_EQ(books_.body, seen_);
}

TEST_F(SettlementTest, AnUpstreamThatIsCutHasFailedAndTheClientIsTold) {
  read({kDelta}, Tail::cut, -1);
  expect_one(Ending::upstream_failed);
  EXPECT_EQ(books_.last_error, "connection lost");
  EXPECT_NE(seen_.find("data: {\"error\":"), std::string::npos);
  EXPECT_EQ(seen_.find("[DONE]"), std::string::npos);
}

TEST_F(SettlementTest, ATimeLimitOfTheUpstreamIsADeadline) {
  read({kDelta}, Tail::deadline, -1);
  expect_one(Ending::deadline);
}

TEST_F(SettlementTest, AnAnswerThatNobodyEverReadsIsSettledWhenItIsDropped) {
  {
    const http::Response dropped = response({kDelta, kDone}, Tail::end);
  }
  expect_one(Ending::client_gone);
}

TEST_F(SettlementTest, AClientThatLeavesAfterTheFirstChunkIsGone) {
  read({kDelta, kDelta, kDone}, Tail::end, 1);
  expect_one(Ending::client_gone);
}

TEST_F(SettlementTest, AClientThatLeavesWhileTheUpstreamStallsIsGone) {
  {
    async::Trigger gone;
    Loop inner(clock_);
    inner.spawn(
        [](async::Trigger& trigger, http::Response waiting, std::string& seen) -> Task<void> {
          co_await async::until(read_chunks(std::move(waiting), -1, seen), trigger,
                                client_error(ErrorCode::client_gone, "left"));
        }(gone, response({kDelta}, Tail::stall), seen_));
    inner.turn({});
    EXPECT_TRUE(books_.endings.empty());
    gone.fire();
  }
  expect_one(Ending::client_gone);
}

TEST_F(SettlementTest, AClientThatLeavesWithFinishReasonAndUsageHasACompleteAnswer) {
  read({kDelta, kFinish, kUsage, kDone}, Tail::end, 3);
  expect_one(Ending::complete);
}

TEST_F(SettlementTest, AClientThatLeavesBeforeTheUsageIsGone) {
  read({kDelta, kFinish, kUsage, kDone}, Tail::end, 2);
  expect_one(Ending::client_gone);
}

TEST_F(SettlementTest, AStreamThatTheGatewayEndsWhileDrainingIsADeadline) {
  books_.is_ending = true;
  {
    const http::Response cut = response({kDelta}, Tail::stall);
  }
  expect_one(Ending::deadline);
}

TEST_F(SettlementTest, ASettlementThatWasMovedFromDoesNotSettle) {
  Settlement first(books_, new_exchange());
  Settlement second(std::move(first));
  EXPECT_FALSE(first.is_open());
  second.complete();
  second.complete();
  expect_one(Ending::complete);
}

}  // namespace
}  // namespace gatehouse::gateway
