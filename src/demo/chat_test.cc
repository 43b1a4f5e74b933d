#include <gtest/gtest.h>

#include "demo/demo_test_support.h"
#include "demo/tokens.h"

namespace gatehouse::demo {
namespace {

constexpr std::string_view kChat = "/v1/chat/completions";
constexpr std::string_view kWeather =
    R"("tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object",)"
    R"("properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":3}},)"
    R"("required":["city","days"]}}},{"type":"function","function":{"name":"clock"}}])";

std::string body_with(std::string_view rest) {
  return R"({"model":"demo-chat","messages":[{"role":"system","content":"Be brief."},)"
         R"({"role":"user","content":"Hello, world!"}])" +
         std::string(rest.empty() ? "" : ",") + std::string(rest) + "}";
}

json::Value chat(std::string_view rest = {}) {
  const Answer answer = post(kChat, body_with(rest));
  EXPECT_EQ(answer.status, 200) << text_of(answer);
  return json_of(answer);
}

std::string content_of(const json::Value& completion) {
  return text_at(completion, "/choices/0/message/content");
}

TEST(DemoChat, EchoesTheQuestionAndSaysThatItIsADemo) {
  const json::Value completion = chat();
  EXPECT_EQ(
      content_of(completion),
      "[demo] You said: Hello, world!\n\nThis is the gateway's built-in demo: no model was asked.");
  EXPECT_EQ(text_at(completion, "/model"), "demo-chat");
  EXPECT_EQ(text_at(completion, "/object"), "chat.completion");
  EXPECT_EQ(text_at(completion, "/system_fingerprint"), "demo");
  EXPECT_EQ(text_at(completion, "/choices/0/finish_reason"), "stop");
  EXPECT_EQ(header_of(post(kChat, body_with("")), "x-gatehouse-demo"), "true");
}

TEST(DemoChat, AnswersTheSameRequestWithTheSameBytes) {
  const Answer first = post(kChat, body_with(R"("stream":true)"));
  const Answer second = post(kChat, body_with(R"("stream":true)"));
  EXPECT_EQ(text_of(first), text_of(second));
  EXPECT_NE(text_of(first), text_of(post(kChat, body_with(R"("stream":true,"seed":1)"))));
}

TEST(DemoChat, CountsTokens) {
  const json::Value usage = at(chat(), "/usage");
  const std::int64_t prompt = at(usage, "/prompt_tokens").as_int64();
  const std::int64_t completion = at(usage, "/completion_tokens").as_int64();
  EXPECT_EQ(prompt, 3 + count_tokens("Be brief.") + 3 + count_tokens("Hello, world!") + 3);
  EXPECT_EQ(completion, count_tokens(content_of(chat())));
  EXPECT_EQ(at(usage, "/total_tokens").as_int64(), prompt + completion);
}

TEST(DemoChat, GivesAsManyChoicesAsAsked) {
  const json::Value completion = chat(R"("n":3)");
  EXPECT_EQ(at(completion, "/choices").as_array().size(), 3U);
  EXPECT_EQ(text_at(completion, "/choices/2/index"), "2");
  EXPECT_NE(text_at(completion, "/choices/1/message/content"), content_of(completion));
}

TEST(DemoChat, StopsAtTheLimitOfTokens) {
  for (const char* key : {"max_tokens", "max_completion_tokens"}) {
    const json::Value completion = chat("\"" + std::string(key) + "\":4");
    EXPECT_EQ(count_tokens(content_of(completion)), 4);
    EXPECT_EQ(text_at(completion, "/choices/0/finish_reason"), "length");
  }
}

TEST(DemoChat, StopsBeforeTheFirstStopSequence) {
  const json::Value completion = chat(R"("stop":["world","Hello"])");
  EXPECT_EQ(content_of(completion), "[demo] You said: ");
  EXPECT_EQ(text_at(completion, "/choices/0/finish_reason"), "stop");
}

TEST(DemoChat, ReadsPartsAndCountsAttachments) {
  const json::Value completion = json_of(post(
      kChat, R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"See"},)"
             R"({"type":"image_url","image_url":{"url":"data:,"}}]}]})"));
  EXPECT_TRUE(content_of(completion).starts_with("[demo] You said: See (and attached a file)"));
  EXPECT_EQ(text_at(completion, "/model"), "demo-chat");
}

TEST(DemoChat, AnswersInJsonWhenAsked) {
  const json::Value completion = chat(R"("response_format":{"type":"json_object"})");
  const Result<json::Value> content = json::parse(content_of(completion));
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(text_at(*content, "/you_said"), "Hello, world!");
}

TEST(DemoChat, FillsTheSchemaAskedFor) {
  const json::Value completion =
      chat(R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{)"
           R"("type":"object","properties":{"age":{"type":"integer"},)"
           R"("tags":{"type":"array","items":{"type":"string"}}},)"
           R"("required":["age","tags"]}}})");
  EXPECT_EQ(content_of(completion), R"({"age":1,"tags":["demo"]})");
}

TEST(DemoTools, CallTheFirstToolWithFittingArguments) {
  const json::Value completion = chat(kWeather);
  EXPECT_EQ(text_at(completion, "/choices/0/finish_reason"), "tool_calls");
  EXPECT_TRUE(at(completion, "/choices/0/message/content").is_null());
  const json::Value calls = at(completion, "/choices/0/message/tool_calls");
  ASSERT_EQ(calls.as_array().size(), 1U);
  EXPECT_EQ(text_at(calls, "/0/function/name"), "weather");
  EXPECT_EQ(text_at(calls, "/0/function/arguments"), R"({"city":"demo","days":3})");
  EXPECT_EQ(text_at(calls, "/0/type"), "function");
}

TEST(DemoTools, CallTheToolThatIsForced) {
  const std::string rest =
      std::string(kWeather) + R"(,"tool_choice":{"type":"function","function":{"name":"clock"}})";
  const json::Value calls = at(chat(rest), "/choices/0/message/tool_calls");
  EXPECT_EQ(text_at(calls, "/0/function/name"), "clock");
  EXPECT_EQ(text_at(calls, "/0/function/arguments"), "{}");
}

TEST(DemoTools, CallAllToolsWhenParallelCallsAreAskedFor) {
  const json::Value completion = chat(std::string(kWeather) + R"(,"parallel_tool_calls":true)");
  const json::Value calls = at(completion, "/choices/0/message/tool_calls");
  ASSERT_EQ(calls.as_array().size(), 2U);
  EXPECT_NE(text_at(calls, "/0/id"), text_at(calls, "/1/id"));
}

TEST(DemoTools, CallNothingWhenForbidden) {
  EXPECT_TRUE(content_of(chat(std::string(kWeather) + R"(,"tool_choice":"none")"))
                  .starts_with("[demo] You said"));
}

TEST(DemoTools, ReportWhatTheToolsAnswered) {
  const json::Value completion = json_of(
      post(kChat, R"({"model":"demo-chat","messages":[{"role":"user","content":"Weather?"},)"
                  R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1"},{"id":"c2"}]},)"
                  R"({"role":"tool","tool_call_id":"c1","content":"sunny"},)"
                  R"({"role":"tool","tool_call_id":"c2","name":"clock","content":"noon"}],)" +
                      std::string(kWeather) + "}"));
  EXPECT_EQ(content_of(completion),
            "[demo] The tool c1 answered: sunny The tool clock answered: noon");
  EXPECT_EQ(text_at(completion, "/choices/0/finish_reason"), "stop");
}

TEST(DemoTools, AnswerLegacyFunctionsInTheirOwnShape) {
  const json::Value completion =
      chat(R"("functions":[{"name":"add","parameters":{"type":"object","properties":{}}}])");
  EXPECT_EQ(text_at(completion, "/choices/0/finish_reason"), "function_call");
  EXPECT_EQ(text_at(completion, "/choices/0/message/function_call/name"), "add");
}

TEST(DemoTools, GiveCustomToolsFreeText) {
  const json::Value completion = chat(R"("tools":[{"type":"custom","custom":{"name":"run"}}])");
  const json::Value calls = at(completion, "/choices/0/message/tool_calls");
  EXPECT_EQ(text_at(calls, "/0/type"), "custom");
  EXPECT_EQ(text_at(calls, "/0/custom/input"), "[demo] Hello, world!");
}

TEST(DemoStream, JoinsToTheAnswerThatIsNotStreamed) {
  const Answer streamed = post(kChat, body_with(R"("stream":true)"));
  EXPECT_EQ(streamed.content_type, "text/event-stream; charset=utf-8");
  std::string joined;
  const std::vector<json::Value> events = events_of(streamed);
  ASSERT_GT(events.size(), 5U);
  EXPECT_EQ(text_at(events.front(), "/choices/0/delta/role"), "assistant");
  for (const json::Value& event : events) {
    EXPECT_EQ(text_at(event, "/object"), "chat.completion.chunk");
    EXPECT_EQ(json::find(event, "usage"), nullptr);
    const json::Value delta = at(event, "/choices/0/delta");
    joined += json::string_or(delta, "content", "");
  }
  EXPECT_EQ(joined, content_of(chat()));
  EXPECT_EQ(text_at(events.back(), "/choices/0/finish_reason"), "stop");
}

TEST(DemoStream, EndsWithUsageWhenAsked) {
  const std::vector<json::Value> events =
      events_of(post(kChat, body_with(R"("stream":true,"stream_options":{"include_usage":true})")));
  EXPECT_TRUE(at(events.back(), "/choices").as_array().empty());
  EXPECT_EQ(at(events.back(), "/usage"), at(chat(), "/usage"));
  EXPECT_TRUE(at(events.front(), "/usage").is_null());
}

TEST(DemoStream, WaitsBetweenPartsButNotBeforeTheEnd) {
  const Answer answer = post(kChat, body_with(R"("stream":true)"));
  EXPECT_GT(answer.chunks.front().delay.count(), 0);
  EXPECT_GT(answer.chunks[1].delay.count(), 0);
  EXPECT_EQ(answer.chunks.back().delay.count(), 0);
}

TEST(DemoStream, NumbersParallelCallsAndJoinsTheirArguments) {
  const std::vector<json::Value> events = events_of(post(
      kChat, body_with(std::string(kWeather) + R"(,"parallel_tool_calls":true,"stream":true)")));
  std::string names;
  std::string arguments[2];
  for (const json::Value& event : events) {
    const json::Value delta = at(event, "/choices/0/delta");
    if (json::find(delta, "tool_calls") == nullptr) continue;
    const json::Value call = at(delta, "/tool_calls/0");
    names += json::string_or(at(call, "/function"), "name", "");
    arguments[at(call, "/index").as_int64()] += text_at(call, "/function/arguments");
  }
  EXPECT_EQ(names, "weatherclock");
  EXPECT_EQ(arguments[0], R"({"city":"demo","days":3})");
  EXPECT_EQ(arguments[1], "{}");
}

TEST(DemoStream, StreamsEveryChoiceToItsEnd) {
  int ends = 0;
  for (const json::Value& event : events_of(post(kChat, body_with(R"("stream":true,"n":2)")))) {
    if (!at(event, "/choices/0/finish_reason").is_null()) ++ends;
  }
  EXPECT_EQ(ends, 2);
}

}  // namespace
}  // namespace gatehouse::demo
