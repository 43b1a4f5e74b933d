#include <gtest/gtest.h>

#include "demo/demo_test_support.h"

namespace gatehouse::demo {
namespace {

struct BadRequest {
  std::string_view body;
  std::string_view param;
};

void expect_bad(std::string_view path, const BadRequest& bad) {
  const Answer answer = post(path, bad.body);
  EXPECT_EQ(answer.status, 400) << bad.body;
  const json::Value body = json_of(answer);
  EXPECT_EQ(text_at(body, "/error/type"), "invalid_request_error");
  EXPECT_FALSE(text_at(body, "/error/message").empty());
  EXPECT_EQ(text_at(body, "/error/param"), bad.param) << bad.body;
  EXPECT_EQ(header_of(answer, "x-gatehouse-demo"), "true");
}

TEST(DemoRefusal, NamesTheParameterOfAChatThatIsWrong) {
  const BadRequest kBad[] = {
      {"", "null"},
      {"[]", "null"},
      {"{\"model\":", "null"},
      {R"({"messages":[{"role":"user","content":"x"}]})", "model"},
      {R"({"model":5,"messages":[{"role":"user","content":"x"}]})", "model"},
      {R"({"model":"m"})", "messages"},
      {R"({"model":"m","messages":[]})", "messages"},
      {R"({"model":"m","messages":"hi"})", "messages"},
      {R"({"model":"m","messages":["hi"]})", "messages[0]"},
      {R"({"model":"m","messages":[{"role":"user","content":"x"},{"role":"king"}]})",
       "messages[1].role"},
      {R"({"model":"m","messages":[{"role":"user","content":5}]})", "messages[0].content"},
      {R"({"model":"m","messages":[{"role":"user","content":[{"text":"x"}]}]})",
       "messages[0].content"}};
  for (const BadRequest& bad : kBad) expect_bad("/v1/chat/completions", bad);
}

TEST(DemoRefusal, ChecksTypesAndRangesOfParameters) {
  const std::string start = R"({"model":"m","messages":[{"role":"user","content":"x"}],)";
  const std::pair<std::string_view, std::string_view> kBad[] = {
      {R"("temperature":3)", "temperature"},
      {R"("temperature":"hot")", "temperature"},
      {R"("top_p":-0.1)", "top_p"},
      {R"("n":0)", "n"},
      {R"("n":1.5)", "n"},
      {R"("n":99999999999999999999)", "n"},
      {R"("max_tokens":"many")", "max_tokens"},
      {R"("max_tokens":-1)", "max_tokens"},
      {R"("stream":"true")", "stream"},
      {R"("stream_options":{"include_usage":true})", "stream_options"},
      {R"("stream":true,"stream_options":[])", "stream_options"},
      {R"("stop":5)", "stop"},
      {R"("stop":["a","b","c","d","e"])", "stop"},
      {R"("tools":{})", "tools"},
      {R"("tools":[{"type":"function"}])", "tools"},
      {R"("tools":[5])", "tools"},
      {R"("tools":[],"tool_choice":"always")", "tool_choice"},
      {R"("tools":[],"tool_choice":{"type":"function","function":{"name":"x"}})", "tool_choice"},
      {R"("response_format":"json")", "response_format"},
      {R"("response_format":{"type":"json_schema"})", "response_format"}};
  for (const auto& [rest, param] : kBad) {
    expect_bad("/v1/chat/completions", {start + std::string(rest) + "}", param});
  }
}

TEST(DemoRefusal, TakesNullForUnsaid) {
  const Answer answer = post("/v1/chat/completions",
                             R"({"model":"m","messages":[{"role":"user","content":"x"}],"n":null,)"
                             R"("temperature":null,"stop":null,"stream":null,"tools":null,)"
                             R"("stream_options":null,"response_format":null,"max_tokens":null})");
  EXPECT_EQ(answer.status, 200) << text_of(answer);
}

TEST(DemoRefusal, ChecksTheOtherEndpointsToo) {
  expect_bad("/v1/completions", {R"({"model":"m"})", "prompt"});
  expect_bad("/v1/completions", {R"({"model":"m","prompt":5})", "prompt"});
  expect_bad("/v1/embeddings", {R"({"model":"m"})", "input"});
  expect_bad("/v1/embeddings", {R"({"model":"m","input":[]})", "input"});
  expect_bad("/v1/embeddings", {R"({"model":"m","input":[1,"x"]})", "input"});
  expect_bad("/v1/embeddings", {R"({"model":"m","input":"x","dimensions":0})", "dimensions"});
  expect_bad("/v1/embeddings",
             {R"({"model":"m","input":"x","encoding_format":"hex"})", "encoding_format"});
  expect_bad("/v1/moderations", {R"({"input":[]})", "input"});
  expect_bad("/v1/images/generations", {R"({"model":"m"})", "prompt"});
  expect_bad("/v1/audio/speech", {R"({"input":"x"})", "model"});
  expect_bad("/v1/audio/transcriptions", {"{}", "null"});
}

TEST(DemoRefusal, SaysWhatItDoesNotHave) {
  EXPECT_EQ(post("/v1/files", "").status, 501);
  EXPECT_EQ(answer({.method = "GET", .path = "/v1/batches/b1"}).status, 501);
  EXPECT_EQ(answer({.method = "GET", .path = "/v1/chat/completions"}).status, 405);
  EXPECT_EQ(post("/v1/nothing", "{}").status, 404);
  EXPECT_EQ(post("", "").status, 404);
}

TEST(DemoModels, FailAsTheirNamesSay) {
  const std::string rest = R"(","messages":[{"role":"user","content":"x"}]})";
  const Answer limited = post("/v1/chat/completions", R"({"model":"demo-error-429)" + rest);
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(header_of(limited, "retry-after"), "1");
  EXPECT_EQ(text_at(json_of(limited), "/error/code"), "rate_limit_exceeded");
  EXPECT_EQ(post("/v1/chat/completions", R"({"model":"demo-error-500)" + rest).status, 500);
  EXPECT_EQ(post("/v1/embeddings", R"({"model":"demo-error-503","input":"x"})").status, 503);
  const Answer unknown = post("/v1/chat/completions", R"({"model":"demo-oracle)" + rest);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(text_at(json_of(unknown), "/error/code"), "model_not_found");
}

TEST(DemoModels, BreakOffOrTakeTheirTime) {
  const std::string rest = R"(","stream":true,"messages":[{"role":"user","content":"x"}]})";
  const Answer cut = post("/v1/chat/completions", R"({"model":"demo-cut)" + rest);
  EXPECT_EQ(cut.ending, Ending::cut);
  EXPECT_EQ(text_of(cut).find("[DONE]"), std::string::npos);
  const Answer slow = post("/v1/chat/completions", R"({"model":"demo-slow)" + rest);
  EXPECT_GE(slow.chunks.front().delay.count(), 1000);
  const Answer cut_whole = post(
      "/v1/chat/completions", R"({"model":"demo-cut","messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(cut_whole.ending, Ending::cut);
  EXPECT_FALSE(json::parse(text_of(cut_whole)).has_value());
}

TEST(DemoModels, AreListed) {
  const json::Value list = json_of(answer({.method = "GET", .path = "/v1/models"}));
  EXPECT_EQ(text_at(list, "/object"), "list");
  EXPECT_EQ(text_at(list, "/data/0/id"), "demo-chat");
  const Answer one = answer({.method = "GET", .path = "/models/demo-embed"});
  EXPECT_EQ(text_at(json_of(one), "/owned_by"), "demo");
  EXPECT_EQ(answer({.method = "GET", .path = "/v1/models/gpt-9"}).status, 404);
}

}  // namespace
}  // namespace gatehouse::demo
