#include "store/log_thread.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "base/ids.h"
#include "base/random.h"
#include "store/sqlite/sqlite_log_store.h"
#include "tests/contract/temporary_folder.h"

namespace gatehouse::store {
namespace {

TEST(LogThread, StoresWhatManyThreadsPushWhileOthersRead) {
  constexpr int kRecords = 1500;
  const contract::TemporaryFolder folder;
  const SystemClock clock;
  auto opened = SqliteLogStore::open(folder.path(), clock);
  ASSERT_TRUE(opened) << opened.error()->message;
  SqliteLogStore& store = **opened;
  logs::LogWriter writer(store, clock, {});
  logs::LogQueue* const queues[] = {&writer.add_queue(), &writer.add_queue()};
  {
    const LogThread thread(writer);
    const auto serve = [&](logs::LogQueue* queue, std::uint64_t seed) {
      FastRandom random(seed);
      for (int i = 0; i < kRecords; ++i) {
        logs::LogRecord& record = queue->blank();
        record.started = clock.wall();
        record.id = make_uuid7(record.started, random);
        record.request = {std::string(500, 'x'), logs::BodyState::whole};
        queue->push();
      }
    };
    std::jthread one(serve, queues[0], 1);
    std::jthread two(serve, queues[1], 2);
    std::jthread reader([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const Result<logs::LogPage> page = store.query({});
        ASSERT_TRUE(page) << page.error()->message;
        for (const logs::LogRecord& record : page->records) ASSERT_TRUE(store.find(record.id));
      }
    });
    one.join();
    two.join();
  }
  EXPECT_EQ(store.query({})->total, 2U * kRecords);
  EXPECT_EQ(writer.written(), 2U * kRecords);
  EXPECT_EQ(writer.losses(), logs::Losses{});
}

}  // namespace
}  // namespace gatehouse::store
