// What every logs::LogStore must do, as one suite. A store's test instantiates it with a type that
// has `logs::LogStore& store()` and a FakeClock `clock` that the store reads.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "logs/folded_text.h"
#include "logs/log_store.h"
#include "logs/parse_filter.h"
#include "tests/contract/packed.h"

namespace gatehouse::contract {

template <class Fixture>
class LogStoreContract : public testing::Test {
 protected:
  logs::LogRecord make_record() {
    logs::LogRecord record;
    record.started = fixture_.clock.wall();
    record.id = make_uuid7(record.started, random_);
    record.trace_id = make_uuid4(random_);
    record.provider = "openai";
    record.model = "gpt-4o-mini";
    record.status = 200;
    return record;
  }

  /// Appends one record for each function, which may change it.
  template <class... Change>
  std::vector<std::string> append(Change... change) {
    std::vector<logs::LogRecord> batch;
    const auto add = [&](const auto& one) {
      batch.push_back(make_record());
      one(batch.back());
    };
    (add(change), ...);
    return append_batch(batch);
  }

  std::vector<std::string> append_plain(std::size_t count) {
    std::vector<logs::LogRecord> batch;
    for (std::size_t i = 0; i < count; ++i) batch.push_back(make_record());
    return append_batch(batch);
  }

  std::vector<std::string> append_batch(const std::vector<logs::LogRecord>& batch) {
    const Result<void> appended = append_all(store(), batch);
    EXPECT_TRUE(appended) << appended.error()->message;
    std::vector<std::string> ids;
    for (const logs::LogRecord& record : batch) ids.push_back(record.id);
    fixture_.clock.advance(std::chrono::milliseconds(50));
    return ids;
  }

  logs::LogPage query(const logs::LogFilter& filter) {
    Result<logs::LogPage> page = store().query(filter);
    EXPECT_TRUE(page) << page.error()->message;
    return page ? std::move(*page) : logs::LogPage{};
  }

  logs::LogPage query(std::string_view text) {
    const Result<logs::LogFilter> filter = logs::parse_filter(text, fixture_.clock.wall());
    EXPECT_TRUE(filter) << filter.error()->message;
    return query(*filter);
  }

  static std::vector<std::string> ids_of(const logs::LogPage& page) {
    std::vector<std::string> ids;
    for (const logs::LogRecord& record : page.records) ids.push_back(record.id);
    return ids;
  }

  logs::LogStore& store() { return fixture_.store(); }

  Fixture fixture_;
  FastRandom random_{7};
};

TYPED_TEST_SUITE_P(LogStoreContract);

inline void fill(logs::LogRecord& record) {
  using std::chrono::microseconds;
  record.span_id = "span";
  record.parent_span_id = "parent";
  record.span_name = "POST /v1/chat/completions";
  record.key_id = "key_abc";
  record.metadata = {{"_user", "bob"}, {"quote\"d", "back\\slash\n"}, {"ключ", "значение"}};
  record.user = "bob";
  record.organization = "acme";
  record.headers = {{"x-request-source", "test"}};
  record.method = "POST";
  record.path = "/v1/chat/completions";
  record.endpoint = "chatComplete";
  record.answered_model = "gpt-4o-mini-2024-07-18";
  record.streaming = logs::Streaming::yes;
  record.ending = logs::Ending::upstream_failed;
  record.status = 502;
  record.times = {microseconds(812'345), microseconds(87), microseconds(512'000),
                  microseconds(700)};
  record.tokens = {11, 22, 33, 4, 5};
  record.cost_nano_usd = 6789;
  record.finish_reason = "length";
  record.cache_status = "MISS";
  record.retry_count = -1;
  record.attempts = {{"config.targets[0]", "openai", "gpt-4o-mini", 429, "rate limited",
                      microseconds(1), microseconds(2), microseconds(3)},
                     {"config.targets[1]", "groq", "llama", 0, "upstream_cut", {}, {}, {}}};
  record.dropped_params = {"logit_bias", "seed"};
  record.error = {ErrorCode::upstream_cut, Origin::upstream, "The answer ended \"early\"."};
  record.request = {R"({"model":"gpt-4o-mini"})", logs::BodyState::whole};
  record.response = {"data: {\"cut", logs::BodyState::truncated};
}

TYPED_TEST_P(LogStoreContract, GivesBackEveryFieldOfARecord) {
  const std::string id = this->append(fill)[0];
  const Result<logs::LogRecord> found = this->store().find(id);
  ASSERT_TRUE(found) << found.error()->message;
  auto expected = std::make_unique<logs::LogRecord>();
  fill(*expected);
  EXPECT_EQ(found->id, id);
  EXPECT_EQ(found->trace_id.size(), 36U);
  EXPECT_EQ(found->span_id, expected->span_id);
  EXPECT_EQ(found->parent_span_id, expected->parent_span_id);
  EXPECT_EQ(found->span_name, expected->span_name);
  EXPECT_EQ(found->started, WallTime(std::chrono::seconds(1'700'000'000)));
  EXPECT_EQ(found->key_id, expected->key_id);
  EXPECT_EQ(found->metadata, expected->metadata);
  EXPECT_EQ(found->user, expected->user);
  EXPECT_EQ(found->organization, expected->organization);
  EXPECT_EQ(found->headers, expected->headers);
  EXPECT_EQ(found->method, expected->method);
  EXPECT_EQ(found->path, expected->path);
  EXPECT_EQ(found->endpoint, expected->endpoint);
  EXPECT_EQ(found->provider, "openai");
  EXPECT_EQ(found->model, "gpt-4o-mini");
  EXPECT_EQ(found->answered_model, expected->answered_model);
  EXPECT_EQ(found->streaming, expected->streaming);
  EXPECT_EQ(found->ending, expected->ending);
  EXPECT_EQ(found->status, expected->status);
}

TYPED_TEST_P(LogStoreContract, GivesBackEveryMeasureAndBodyOfARecord) {
  const std::string id = this->append(fill)[0];
  const Result<logs::LogRecord> found = this->store().find(id);
  ASSERT_TRUE(found) << found.error()->message;
  auto expected = std::make_unique<logs::LogRecord>();
  fill(*expected);
  EXPECT_EQ(found->times.total, expected->times.total);
  EXPECT_EQ(found->times.gateway, expected->times.gateway);
  EXPECT_EQ(found->times.first_byte, expected->times.first_byte);
  EXPECT_EQ(found->times.upstream, expected->times.upstream);
  EXPECT_EQ(found->tokens.prompt, 11);
  EXPECT_EQ(found->tokens.completion, 22);
  EXPECT_EQ(found->tokens.total, 33);
  EXPECT_EQ(found->tokens.cached, 4);
  EXPECT_EQ(found->tokens.reasoning, 5);
  EXPECT_EQ(found->cost_nano_usd, 6789);
  EXPECT_EQ(found->finish_reason, "length");
  EXPECT_EQ(found->cache_status, "MISS");
  EXPECT_EQ(found->retry_count, -1);
  ASSERT_EQ(found->attempts.size(), 2U);
  EXPECT_EQ(found->attempts[0].target, "config.targets[0]");
  EXPECT_EQ(found->attempts[0].status, 429);
  EXPECT_EQ(found->attempts[0].wait, std::chrono::microseconds(2));
  EXPECT_EQ(found->attempts[1].error, "upstream_cut");
  EXPECT_EQ(found->dropped_params, expected->dropped_params);
  ASSERT_TRUE(found->error);
  EXPECT_EQ(found->error->code, ErrorCode::upstream_cut);
  EXPECT_EQ(found->error->origin, Origin::upstream);
  EXPECT_EQ(found->error->message, expected->error->message);
  EXPECT_EQ(found->request.text, expected->request.text);
  EXPECT_EQ(found->request.state, logs::BodyState::whole);
  EXPECT_EQ(found->response.text, expected->response.text);
  EXPECT_EQ(found->response.state, logs::BodyState::truncated);
}

TYPED_TEST_P(LogStoreContract, KeepsWhatWasNotMeasuredApartFromZero) {
  const auto ids = this->append([](logs::LogRecord&) {},
                                [](logs::LogRecord& record) {
                                  record.tokens.prompt = 0;
                                  record.tokens.cached = 0;
                                  record.times.first_byte = std::chrono::microseconds(0);
                                });
  const Result<logs::LogRecord> unmeasured = this->store().find(ids[0]);
  const Result<logs::LogRecord> zero = this->store().find(ids[1]);
  ASSERT_TRUE(unmeasured && zero);
  EXPECT_FALSE(unmeasured->tokens.prompt || unmeasured->tokens.cached);
  EXPECT_FALSE(unmeasured->times.first_byte || unmeasured->cost_nano_usd || unmeasured->error);
  EXPECT_EQ(unmeasured->request.state, logs::BodyState::not_captured);
  EXPECT_EQ(zero->tokens.prompt, 0);
  EXPECT_EQ(zero->tokens.cached, 0);
  EXPECT_EQ(zero->times.first_byte, std::chrono::microseconds(0));
}

TYPED_TEST_P(LogStoreContract, AnEmptyStoreHasAnEmptyPage) {
  const logs::LogPage page = this->query("");
  EXPECT_TRUE(page.records.empty());
  EXPECT_FALSE(page.next);
  EXPECT_EQ(page.total, 0U);
}

TYPED_TEST_P(LogStoreContract, AnUnknownIdIsNotFound) {
  this->append_plain(3);
  for (const std::string& id : {make_uuid7(this->fixture_.clock.wall(), this->random_),
                                std::string("no id at all"), std::string()}) {
    const Result<logs::LogRecord> found = this->store().find(id);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error()->code, ErrorCode::not_found);
  }
}

TYPED_TEST_P(LogStoreContract, ListsTheLastEndedFirstAndWithoutBodies) {
  const auto first = this->append(fill, fill);
  const auto second = this->append(fill);
  const logs::LogPage page = this->query("");
  EXPECT_EQ(this->ids_of(page), (std::vector{second[0], first[1], first[0]}));
  EXPECT_EQ(page.total, 3U);
  EXPECT_TRUE(page.records[0].request.text.empty());
  EXPECT_EQ(page.records[0].request.state, logs::BodyState::whole);
}

TYPED_TEST_P(LogStoreContract, PagesLeadThroughAllRecordsOnce) {
  std::vector<std::string> all = this->append_plain(7);
  std::ranges::reverse(all);
  std::vector<std::string> seen;
  logs::LogFilter filter;
  filter.limit = 3;
  for (int pages = 0; pages < 3; ++pages) {
    const logs::LogPage page = this->query(filter);
    EXPECT_EQ(page.total, 7U);
    for (const std::string& id : this->ids_of(page)) seen.push_back(id);
    ASSERT_EQ(page.next.has_value(), pages < 2);
    filter.before = page.next;
  }
  EXPECT_EQ(seen, all);
}

TYPED_TEST_P(LogStoreContract, APageThatIsJustFullHasNoNext) {
  this->append_plain(3);
  EXPECT_FALSE(this->query("limit=3").next);
  EXPECT_TRUE(this->query("limit=2").next);
}

TYPED_TEST_P(LogStoreContract, FollowingGivesOnlyWhatCameSince) {
  this->append_plain(2);
  logs::LogFilter filter;
  filter.after = this->query("").head;
  EXPECT_TRUE(this->query(filter).records.empty());
  // A request that began long ago counts as new when its answer ends.
  const auto late =
      this->append([](logs::LogRecord& record) { record.started -= std::chrono::hours(1); });
  EXPECT_EQ(this->ids_of(this->query(filter)), late);
}

TYPED_TEST_P(LogStoreContract, FiltersByEachFieldExactly) {
  const auto ids = this->append(
      fill, [](logs::LogRecord& record) { record.trace_id = "trace-not-a-uuid"; },
      [](logs::LogRecord& record) { record.provider = "groq"; },
      [](logs::LogRecord& record) { record.model = "asked"; },
      [](logs::LogRecord& record) { record.answered_model = "answered"; });
  const auto only = [&](std::string_view query) { return this->ids_of(this->query(query)); };
  EXPECT_EQ(only("trace_id=trace-not-a-uuid"), std::vector{ids[1]});
  EXPECT_EQ(only("trace_id=trace-not"), std::vector<std::string>{});
  EXPECT_EQ(only("provider=groq"), std::vector{ids[2]});
  EXPECT_EQ(only("model=asked"), std::vector{ids[3]});
  EXPECT_EQ(only("model=answered"), std::vector{ids[4]});
  EXPECT_EQ(only("user=bob"), std::vector{ids[0]});
  EXPECT_EQ(only("organization=acme"), std::vector{ids[0]});
  EXPECT_EQ(only("organization=acm"), std::vector<std::string>{});
  EXPECT_EQ(only("endpoint=chatComplete"), std::vector{ids[0]});
  EXPECT_EQ(only("api_key_id=key_abc"), std::vector{ids[0]});
  EXPECT_EQ(only("end=upstream_failed"), std::vector{ids[0]});
  EXPECT_EQ(only("provider=openai&user=bob&end=upstream_failed"), std::vector{ids[0]});
  EXPECT_EQ(only("provider=groq&user=bob"), std::vector<std::string>{});
}

TYPED_TEST_P(LogStoreContract, FiltersByATraceIdThatIsAUuid) {
  const std::string trace = "0af76519-16cd-43dd-8448-eb211c80319c";
  const auto ids = this->append([&](logs::LogRecord& record) { record.trace_id = trace; },
                                [](logs::LogRecord&) {},
                                [&](logs::LogRecord& record) { record.trace_id = trace; });
  EXPECT_EQ(this->ids_of(this->query("trace_id=" + trace)), (std::vector{ids[2], ids[0]}));
}

TYPED_TEST_P(LogStoreContract, FiltersByMetadataAndHeadersWithoutMixingThem) {
  const auto ids = this->append(
      fill, [](logs::LogRecord& record) { record.metadata = {{"x-request-source", "test"}}; },
      [](logs::LogRecord& record) { record.metadata = {{"_user", "bob"}, {"team", "a"}}; });
  const auto only = [&](std::string_view query) { return this->ids_of(this->query(query)); };
  EXPECT_EQ(only("metadata._user=bob"), (std::vector{ids[2], ids[0]}));
  EXPECT_EQ(only("metadata._user=bob&metadata.team=a"), std::vector{ids[2]});
  EXPECT_EQ(only("metadata._user=bo"), std::vector<std::string>{});
  EXPECT_EQ(only("headers.X-Request-Source=test"), std::vector{ids[0]});
  EXPECT_EQ(only("metadata.x-request-source=test"), std::vector{ids[1]});
  EXPECT_EQ(only("metadata.quote%22d=back%5Cslash%0A"), std::vector{ids[0]});
  EXPECT_EQ(only("metadata.ключ=значение"), std::vector{ids[0]});
  // A field of the record is no metadata, whatever their names.
  EXPECT_EQ(only("metadata.finish=length"), std::vector<std::string>{});
}

TYPED_TEST_P(LogStoreContract, FiltersByStatusAndClass) {
  const auto ids = this->append([](logs::LogRecord& record) { record.status = 200; },
                                [](logs::LogRecord& record) { record.status = 429; },
                                [](logs::LogRecord& record) { record.status = 503; });
  const auto only = [&](std::string_view query) { return this->ids_of(this->query(query)); };
  EXPECT_EQ(only("status=429"), std::vector{ids[1]});
  EXPECT_EQ(only("status=5xx"), std::vector{ids[2]});
  EXPECT_EQ(only("status=2xx,503"), (std::vector{ids[2], ids[0]}));
}

TYPED_TEST_P(LogStoreContract, FiltersByTheTimeARequestBegan) {
  std::vector<std::string> ids;
  for (int minute = 0; minute < 4; ++minute) {
    ids.push_back(this->append_plain(1)[0]);
    this->fixture_.clock.advance(std::chrono::minutes(1) - std::chrono::milliseconds(50));
  }
  // It began first and ended last.
  ids.push_back(
      this->append([](logs::LogRecord& record) { record.started -= std::chrono::minutes(4); })[0]);
  const WallTime start{std::chrono::seconds(1'700'000'000)};
  logs::LogFilter filter;
  filter.since = start + std::chrono::minutes(1);
  filter.until = start + std::chrono::minutes(3);
  EXPECT_EQ(this->ids_of(this->query(filter)), (std::vector{ids[2], ids[1]}));
  EXPECT_EQ(this->query(filter).total, 2U);
  filter.since = start;
  filter.until = start + std::chrono::minutes(1);
  EXPECT_EQ(this->ids_of(this->query(filter)), (std::vector{ids[4], ids[0]}));
}

TYPED_TEST_P(LogStoreContract, FindsARequestThatTookHours) {
  const auto ids = this->append(
      [this](logs::LogRecord& record) {
        record.started -= std::chrono::hours(5);
        record.id = make_uuid7(record.started, this->random_);
      },
      [](logs::LogRecord& record) { record.id = "an id of another kind"; });
  this->append_plain(2);
  EXPECT_TRUE(this->store().find(ids[0]));
  EXPECT_TRUE(this->store().find(ids[1]));
}

TYPED_TEST_P(LogStoreContract, KeepsTextThatIsNoUtf8ReadableElsewhere) {
  const auto ids = this->append([](logs::LogRecord& record) {
    record.metadata = {{"good", "yes"}, {"bad", "\xFF\xFE"}};
    record.response = {std::string("\x00\xFF binary", 9), logs::BodyState::whole};
  });
  const Result<logs::LogRecord> found = this->store().find(ids[0]);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->metadata[0].second, "yes");
  EXPECT_EQ(found->response.text, std::string("\x00\xFF binary", 9));
  EXPECT_EQ(this->query("metadata.good=yes").records.size(), 1U);
}

TYPED_TEST_P(LogStoreContract, GivesBackUnfoldedWhatCameFolded) {
  std::string folded;
  logs::fold_as_is("data: a\n\n", folded);
  logs::fold_alike(std::span<const logs::Replacement>(), folded);
  const auto ids = this->append([&](logs::LogRecord& record) {
    record.request = {"plain", logs::BodyState::whole};
    record.response = {folded, logs::BodyState::whole, true};
  });
  const Result<logs::LogRecord> found = this->store().find(ids[0]);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->request.text, "plain");
  EXPECT_EQ(found->response.text, "data: a\n\ndata: a\n\n");
  EXPECT_FALSE(found->response.is_folded);
}

REGISTER_TYPED_TEST_SUITE_P(
    LogStoreContract, GivesBackEveryFieldOfARecord, GivesBackEveryMeasureAndBodyOfARecord,
    KeepsWhatWasNotMeasuredApartFromZero, AnEmptyStoreHasAnEmptyPage, AnUnknownIdIsNotFound,
    ListsTheLastEndedFirstAndWithoutBodies, PagesLeadThroughAllRecordsOnce,
    APageThatIsJustFullHasNoNext, FollowingGivesOnlyWhatCameSince, FiltersByEachFieldExactly,
    FiltersByATraceIdThatIsAUuid, FiltersByMetadataAndHeadersWithoutMixingThem,
    FiltersByStatusAndClass, FiltersByTheTimeARequestBegan, FindsARequestThatTookHours,
    KeepsTextThatIsNoUtf8ReadableElsewhere, GivesBackUnfoldedWhatCameFolded);

}  // namespace gatehouse::contract
