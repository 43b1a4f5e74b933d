#include "store/sqlite/older_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/sqlite_log_store.h"
#include "tests/contract/packed.h"
#include "tests/contract/temporary_folder.h"

namespace gatehouse::store {
namespace {

using contract::TemporaryFolder;
using logs::LogRecord;
using std::chrono::microseconds;

/// What a file of the second schema has for the record.
constexpr const char* kOlderTables = R"sql(
  CREATE TABLE logs(
    seq INTEGER PRIMARY KEY,
    id TEXT,
    trace_id TEXT,
    started INTEGER NOT NULL,
    key_id TEXT,
    user TEXT,
    endpoint TEXT,
    provider TEXT,
    model TEXT,
    answered_model TEXT,
    status INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    total_us INTEGER NOT NULL,
    gateway_us INTEGER NOT NULL,
    first_byte_us INTEGER,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost_nano_usd INTEGER,
    body INTEGER,
    details TEXT NOT NULL
  );
  CREATE TABLE lags(least INTEGER NOT NULL, most INTEGER NOT NULL);
  INSERT INTO lags VALUES(0, 5000000);
  PRAGMA user_version = 2;
)sql";

constexpr const char* kDetails =
    R"({"span":"s","parent":"p","span_name":"n","organization":"acme","finish":"stop","cache":"MISS",)"
    R"("path":"/v1/messages","retries":-1,"upstream":700,"total":null,"cached":4,"reasoning":5,)"
    R"("metadata":{"team":"a"},"headers":{"x-source":"test"},"attempts":[{"target":"config",)"
    R"("status":429,"wait":2}],"dropped":["seed"],"error":{"code":"upstream_cut","origin":"upstream",)"
    R"("message":"It ended."}})";

class OlderRows : public testing::Test {
 protected:
  void SetUp() override {
    auto file = Database::open(folder_.path() / kDatabaseName, Access::read_write);
    ASSERT_TRUE(file && (*file)->run(kOlderTables));
    file_ = std::move(*file);
  }

  /// Gives its id.
  std::string insert(std::int64_t seq, std::string_view details = "{}") {
    Result<Statement> row = file_->prepare(
        "INSERT INTO logs VALUES(?,?,'trace',?,'key_a','bob','chatComplete','openai','asked',"
        "'answered',200,41,1500,87,NULL,11,22,6789,?,?)");
    EXPECT_TRUE(row) << row.error()->message;
    const std::string id = make_uuid7(WallTime(microseconds(seq - 1500)), random_);
    row->bind(1, seq).bind(2, std::string_view(id)).bind(3, seq - 1500);
    const std::int64_t body = (std::int64_t{7} << 32) + seq % 1000;
    EXPECT_TRUE(row->bind(4, body).bind(5, details).run());
    return id;
  }

  std::unique_ptr<SqliteLogStore> open() {
    file_.reset();
    auto store = SqliteLogStore::open(folder_.path(), clock_);
    EXPECT_TRUE(store) << store.error()->message;
    return store ? std::move(*store) : nullptr;
  }

  static constexpr std::int64_t kStart = 1'600'000'000'000'000;

  TemporaryFolder folder_;
  FakeClock clock_;
  FastRandom random_{3};
  std::unique_ptr<Database> file_;
};

TEST_F(OlderRows, AreKeptInTheirPlacesWhenTheFileIsOpened) {
  std::vector<std::string> ids;
  for (int batch = 0; batch < 5; ++batch) {
    for (int i = 0; i < 70; ++i) ids.push_back(insert(kStart + batch * 1'000'000 + i));
  }
  const auto store = open();
  ASSERT_TRUE(store);
  logs::LogFilter filter;
  filter.limit = 100;
  std::size_t left = ids.size();
  do {
    const Result<logs::LogPage> page = store->query(filter);
    ASSERT_TRUE(page) << page.error()->message;
    EXPECT_EQ(page->total, ids.size());
    EXPECT_EQ(page->head, kStart + 4'000'069);
    for (const LogRecord& record : page->records) ASSERT_EQ(record.id, ids[--left]);
    filter.before = page->next;
  } while (filter.before);
  EXPECT_EQ(left, 0U);
  for (const std::string& id : ids) EXPECT_TRUE(store->find(id));
}

TEST_F(OlderRows, KeepAllTheirColumns) {
  insert(kStart);
  const std::string id = insert(kStart + 1, kDetails);
  const auto store = open();
  ASSERT_TRUE(store);
  const Result<LogRecord> record = store->find(id);
  ASSERT_TRUE(record) << record.error()->message;
  EXPECT_EQ(record->trace_id, "trace");
  EXPECT_EQ(record->started, WallTime(microseconds(kStart + 1 - 1500)));
  EXPECT_EQ(record->key_id + record->user + record->endpoint, "key_abobchatComplete");
  EXPECT_EQ(record->provider + record->model + record->answered_model, "openaiaskedanswered");
  EXPECT_EQ(record->status, 200);
  EXPECT_EQ(record->ending, logs::Ending::upstream_failed);
  EXPECT_EQ(record->request.state, logs::BodyState::gone);
  EXPECT_EQ(record->times.total, microseconds(1500));
  EXPECT_EQ(record->times.gateway, microseconds(87));
  EXPECT_FALSE(record->times.first_byte);
  EXPECT_EQ(record->tokens.prompt, 11);
  EXPECT_EQ(record->tokens.completion, 22);
  EXPECT_EQ(record->cost_nano_usd, 6789);
}

TEST_F(OlderRows, KeepAllTheirDetails) {
  const std::string id = insert(kStart, kDetails);
  const std::string plain = insert(kStart + 1);
  const auto store = open();
  ASSERT_TRUE(store);
  const Result<LogRecord> record = store->find(id);
  ASSERT_TRUE(record) << record.error()->message;
  EXPECT_EQ(record->span_id + record->parent_span_id + record->span_name, "spn");
  EXPECT_EQ(record->organization, "acme");
  EXPECT_EQ(record->finish_reason, "stop");
  EXPECT_EQ(record->cache_status, "MISS");
  EXPECT_EQ(record->method, "POST");
  EXPECT_EQ(record->path, "/v1/messages");
  EXPECT_EQ(record->retry_count, -1);
  EXPECT_EQ(record->times.upstream, microseconds(700));
  EXPECT_FALSE(record->tokens.total);
  EXPECT_EQ(record->tokens.cached, 4);
  EXPECT_EQ(record->tokens.reasoning, 5);
  EXPECT_EQ(record->metadata, (logs::Pairs{{"team", "a"}}));
  EXPECT_EQ(record->headers, (logs::Pairs{{"x-source", "test"}}));
  ASSERT_EQ(record->attempts.size(), 1U);
  EXPECT_EQ(record->attempts[0].status, 429);
  EXPECT_EQ(record->dropped_params, std::vector<std::string>{"seed"});
  ASSERT_TRUE(record->error);
  EXPECT_EQ(record->error->code, ErrorCode::upstream_cut);
  EXPECT_EQ(store->find(plain)->path, "/v1/chat/completions");
  EXPECT_EQ(store->find(plain)->tokens.total, 33);
}

TEST_F(OlderRows, AreFollowedByNewRecords) {
  insert(kStart);
  const auto store = open();
  ASSERT_TRUE(store);
  std::vector<logs::LogRecord> batch;
  batch.emplace_back();
  batch[0].id = "new";
  ASSERT_TRUE(contract::append_all(*store, batch));
  const Result<logs::LogPage> page = store->query({});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->records.size(), 2U);
  EXPECT_EQ(page->records[0].id, "new");
}

TEST_F(OlderRows, AreReadOnceTheGatewayHasStarted) {
  insert(kStart);
  const auto before = SqliteLogReader::open(folder_.path());
  ASSERT_FALSE(before);
  EXPECT_NE(before.error()->message.find("Start the gateway once"), std::string::npos);
  ASSERT_TRUE(open());
  const auto after = SqliteLogReader::open(folder_.path());
  ASSERT_TRUE(after);
  EXPECT_EQ((*after)->query({})->records.size(), 1U);
}

}  // namespace
}  // namespace gatehouse::store
