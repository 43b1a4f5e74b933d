#include "logs/render_json.h"

#include <gtest/gtest.h>

#include "json/value.h"
#include "logs/json_text.h"

namespace gatehouse::logs {
namespace {

using std::chrono::microseconds;

LogRecord sample() {
  LogRecord record;
  record.id = "018bcfe5-6800-7000-8000-000000000001";
  record.trace_id = "trace \"1\"";
  record.started = WallTime(std::chrono::seconds(1'700'000'000));
  record.key_id = "key_1";
  record.metadata = {{"_user", "bob"}};
  record.headers = {{"x-team", "a"}};
  record.method = "POST";
  record.path = "/v1/chat/completions";
  record.endpoint = "chatComplete";
  record.provider = "openai";
  record.model = "gpt-4o";
  record.status = 200;
  record.streaming = Streaming::yes;
  record.times = {microseconds(1500), microseconds(87), microseconds(1000), std::nullopt};
  record.tokens = {1, 2, 3, std::nullopt, 0};
  return record;
}

TEST(RenderJson, ARowHasEveryMember) {
  EXPECT_EQ(
      render_row(sample()),
      R"({"id":"018bcfe5-6800-7000-8000-000000000001","trace_id":"trace \"1\"","span_id":null,)"
      R"("parent_span_id":null,"span_name":null,"created_at":"2023-11-14T22:13:20.000Z",)"
      R"("provider":"openai","model":"gpt-4o","response_model":null,"status":200,"end":"complete",)"
      R"("prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"cached_tokens":null,)"
      R"("reasoning_tokens":0,"cost_nano_usd":null,"finish_reason":null,"api_key_id":"key_1",)"
      R"("metadata":{"_user":"bob"},"user":null,"organization":null,"headers":{"x-team":"a"},)"
      R"("error":null,"times":{"total_ms":1.5,"first_byte_ms":1,"gateway_ms":0.087,)"
      R"("upstream_ms":null},"endpoint":"chatComplete","method":"POST",)"
      R"("path":"/v1/chat/completions","stream":true,"cache_status":null,"retry_count":0,)"
      R"("attempts":[],"dropped_params":[]})");
}

TEST(RenderJson, AnErrorAndAttemptsAreObjects) {
  LogRecord record = sample();
  record.error = LoggedError{ErrorCode::rate_limited, Origin::upstream, "Slow down."};
  record.attempts = {{"config", "openai", "gpt-4o", 429, "rate limited", microseconds(10),
                      microseconds(0), microseconds(2500), "retry"}};
  const Result<json::Value> row = json::parse(render_row(record));
  ASSERT_TRUE(row);
  EXPECT_EQ(json::serialize(*json::find(*row, "error")),
            R"({"code":"rate_limited","origin":"upstream","message":"Slow down."})");
  const json::Value& attempt = json::find(*row, "attempts")->get_array()[0];
  EXPECT_EQ(json::string_or(attempt, "target", ""), "config");
  EXPECT_EQ(json::string_or(attempt, "reason", ""), "retry");
  EXPECT_EQ(json::find(attempt, "status")->get_int64(), 429);
  EXPECT_EQ(json::find(attempt, "start_ms")->get_double(), 0.01);
  EXPECT_EQ(json::find(attempt, "total_ms")->get_double(), 2.5);
}

TEST(RenderJson, ADocumentHasJsonBodiesAsTheyWereAndOthersAsText) {
  LogRecord record = sample();
  record.request = {R"({"model": "gpt-4o", "n": 1.0})", BodyState::whole};
  record.response = {"data: {\"x\":1}\n\n", BodyState::whole};
  const std::string document = render_record(record);
  EXPECT_NE(
      document.find(
          R"("request":{"body":{"model": "gpt-4o", "n": 1.0},"truncated":false,"state":"whole"})"),
      std::string::npos);
  EXPECT_NE(document.find(R"("response":{"body":"data: {\"x\":1}\n\n","truncated":false)"),
            std::string::npos);
  EXPECT_TRUE(json::parse(document));
}

TEST(RenderJson, ABodyThatIsNotThereIsNull) {
  LogRecord record = sample();
  record.request.state = BodyState::gone;
  const std::string document = render_record(record);
  EXPECT_NE(document.find(R"("request":{"body":null,"truncated":false,"state":"gone"})"),
            std::string::npos);
  EXPECT_NE(document.find(R"("response":{"body":null,"truncated":false,"state":"not_captured"})"),
            std::string::npos);
}

TEST(RenderJson, ATruncatedOrBinaryBodyIsStillValidJson) {
  LogRecord record = sample();
  record.request = {R"({"model":"gpt)", BodyState::truncated};
  record.response = {std::string("\x00\xFF\x80", 3), BodyState::whole};
  const std::string document = render_record(record);
  EXPECT_TRUE(json::parse(document));
  EXPECT_NE(document.find(R"("truncated":true)"), std::string::npos);
}

TEST(RenderJson, APageSaysWhereToGoOn) {
  LogPage page;
  page.total = 2;
  EXPECT_EQ(render_page(page),
            R"({"object":"list","total":2,"total_is_exact":true,"has_more":false,)"
            R"("next_cursor":null,"data":[]})");
  page.records.push_back(sample());
  page.records.push_back(sample());
  page.next = 41;
  page.is_total_exact = false;
  const Result<json::Value> list = json::parse(render_page(page));
  ASSERT_TRUE(list);
  EXPECT_EQ(json::string_or(*list, "next_cursor", ""), "41");
  EXPECT_TRUE(json::find(*list, "has_more")->get_bool());
  EXPECT_FALSE(json::find(*list, "total_is_exact")->get_bool());
  EXPECT_EQ(json::find(*list, "data")->get_array().size(), 2U);
}

TEST(JsonText, EscapesEverySpecialByteWhereverItStands) {
  for (std::size_t at = 0; at < 20; ++at) {
    for (const char* special : {"\"", "\\", "\n", "\x01", "é", "\xFF", "\x7f"}) {
      std::string text(20, 'a');
      text.replace(at, 1, special);
      std::string out;
      JsonText(out).begin('[').text(text).end(']');
      const Result<json::Value> list = json::parse(out);
      ASSERT_TRUE(list) << out;
      if (special[0] == '\xFF') continue;
      EXPECT_EQ(std::string_view(list->get_array()[0].get_string()), text);
    }
  }
}

}  // namespace
}  // namespace gatehouse::logs
