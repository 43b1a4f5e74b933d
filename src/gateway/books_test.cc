#include "gateway/books.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "async/loop.h"
#include "async/until.h"

namespace gatehouse::gateway {
namespace {

constexpr std::chrono::milliseconds kAtOnce{0};

class RequestBooksTest : public ::testing::Test {
 protected:
  /// Settles a request whose head is gone as soon as it is settled.
  void settle(Ending ending = Ending::complete) {
    std::string head = "POST/v1/chat/completions";
    std::unique_ptr<Exchange> exchange = books_.open();
    exchange->received = clock_.now();
    exchange->method = std::string_view(head).substr(0, 4);
    exchange->path = std::string_view(head).substr(4);
    Settlement(books_, std::move(exchange)).end(ending);
    head.assign(head.size(), '#');
  }
  std::vector<logs::LogRecord> written() {
    std::vector<logs::PackedBatch> taken;
    queue_.take(taken);
    return logs::unpacked(taken);
  }

  FakeClock clock_;
  Metrics metrics_;
  logs::LogQueue queue_{{}, {}};
  RequestBooks books_{&queue_, metrics_};
  async::Loop loop_{clock_};
};

TEST_F(RequestBooksTest, WritesUpWhatWasSettledAtTheEndOfTheTurn) {
  settle();
  EXPECT_TRUE(written().empty());
  loop_.turn(kAtOnce);
  EXPECT_EQ(written().size(), 1U);
  EXPECT_EQ(books_.closed(), 1U);
}

TEST_F(RequestBooksTest, WritesUpSixteenWithoutWaitingForTheEndOfTheTurn) {
  for (int i = 0; i < 20; ++i) settle();
  EXPECT_EQ(written().size(), 16U);
  loop_.turn(kAtOnce);
  EXPECT_EQ(written().size(), 4U);
}

TEST_F(RequestBooksTest, TellsOfEachRequestHowAndWhenItEndedThoughItsHeadIsGone) {
  settle(Ending::client_gone);
  clock_.advance(std::chrono::seconds{5});  // no part of what the request took
  settle(Ending::complete);
  loop_.turn(kAtOnce);
  const std::vector<logs::LogRecord> records = written();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].ending, Ending::client_gone);
  EXPECT_EQ(records[1].ending, Ending::complete);
  for (const logs::LogRecord& record : records) {
    EXPECT_EQ(record.method, "POST");
    EXPECT_EQ(record.path, "/v1/chat/completions");
    EXPECT_EQ(record.times.total.count(), 0);
  }
}

TEST(RequestBooks, WritesUpWhatALoopEndsWithItself) {
  const FakeClock clock;
  Metrics metrics;
  logs::LogQueue queue({}, {});
  RequestBooks books(&queue, metrics);
  {
    async::Loop loop(clock);
    loop.spawn([](Settlement /*never settled*/) -> async::Task<void> {
      co_await async::sleep_for(std::chrono::hours{1});
    }(Settlement(books, books.open())));
  }
  EXPECT_EQ(books.closed(), 1U);
}

}  // namespace
}  // namespace gatehouse::gateway
