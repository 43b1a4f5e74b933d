#include <gtest/gtest.h>

#include "client/tests/fake_gateway.h"
#include "gatehouse/client.h"
#include "json/value.h"

namespace gatehouse::client {
namespace {

using testing::chunk;
using testing::event_stream;
using testing::FakeGateway;
using testing::json_answer;
using testing::says;
using testing::Scripted;
using testing::Seen;
using testing::Variable;

OpenAIGPTConfig config_for(const FakeGateway& gateway) {
  OpenAIGPTConfig config{.chat_model = "portkey/openai/gpt-4o-mini"};
  config.portkey_params.base_url = gateway.url();
  config.portkey_params.api_key = "pk-test-key";
  config.timeout = std::chrono::seconds(20);
  config.retry_delay = std::chrono::milliseconds(1);
  return config;
}

json::Value body_of(const Seen& seen) {
  Result<json::Value> body = json::parse(seen.body);
  return body ? *body : json::Value(seen.body);
}

json::Value parsed(std::string_view text) { return *json::parse(text); }

TEST(Chat, SaysWhatTheModelAnswered) {
  FakeGateway gateway([](const Seen&) {
    Scripted answer = says("Two.");
    answer.fields["x-portkey-trace-id"] = "trace-9";
    answer.fields["x-portkey-cache-status"] = "HIT";
    return answer;
  });
  const OpenAIGPT llm(config_for(gateway));
  const LLMResponse answer = llm.chat("What is the smallest prime number?");
  EXPECT_EQ(answer.message, "Two.");
  EXPECT_EQ(answer.usage.prompt, 11);
  EXPECT_EQ(answer.usage.completion, 7);
  EXPECT_EQ(answer.usage.total, 18);
  EXPECT_EQ(answer.usage.cached, 3);
  EXPECT_EQ(answer.finish_reason, "stop");
  EXPECT_EQ(answer.model, "m-1");
  EXPECT_EQ(answer.trace_id, "trace-9");
  EXPECT_TRUE(answer.cached);
  EXPECT_EQ(answer.headers.at("content-type"), "application/json");
}

TEST(Chat, SendsTheModelTheHeadersAndTheProvidersKey) {
  const Variable key("OPENAI_API_KEY", "sk-of-the-provider");
  FakeGateway gateway([](const Seen&) { return says("ok"); });
  OpenAIGPTConfig config = config_for(gateway);
  config.portkey_params.trace_id = "trace-1";
  config.headers = {{"X-Team", "blue"}};
  const LLMResponse answer = OpenAIGPT(config).chat("Hi");
  EXPECT_EQ(answer.message, "ok");
  EXPECT_FALSE(answer.cached);
  const Seen seen = gateway.only();
  EXPECT_EQ(seen.path, "/v1/chat/completions");
  EXPECT_EQ(seen.fields.at("authorization"), "Bearer sk-of-the-provider");
  EXPECT_EQ(seen.fields.at("x-portkey-api-key"), "pk-test-key");
  EXPECT_EQ(seen.fields.at("x-portkey-provider"), "openai");
  EXPECT_EQ(seen.fields.at("x-portkey-trace-id"), "trace-1");
  EXPECT_EQ(seen.fields.at("x-team"), "blue");
  EXPECT_EQ(seen.fields.at("host"), gateway.url().substr(7));
  EXPECT_EQ(body_of(seen), parsed(R"({"model":"gpt-4o-mini",
      "messages":[{"role":"user","content":"Hi"}]})"));
}

TEST(Chat, WithoutAProvidersKeySendsTheDummy) {
  FakeGateway gateway([](const Seen&) { return says("ok"); });
  OpenAIGPT(config_for(gateway)).chat("Hi");
  EXPECT_EQ(gateway.only().fields.at("authorization"), "Bearer xxx");
}

TEST(Chat, OfAModelThatIsNotBehindAGatewayGoesStraightToItsAddress) {
  FakeGateway gateway([](const Seen&) { return says("ok"); });
  OpenAIGPTConfig config{.chat_model = "gpt-4o-mini", .api_key = " sk-mine\n"};
  config.api_base = gateway.url() + "/v1/";
  OpenAIGPT(config).chat("Hi");
  const Seen seen = gateway.only();
  EXPECT_EQ(seen.path, "/v1/chat/completions");
  EXPECT_EQ(seen.fields.at("authorization"), "Bearer sk-mine");
  EXPECT_FALSE(seen.fields.contains("x-portkey-provider"));
}

TEST(Chat, SaysInTheBodyWhatTheConfigurationAndTheOptionsSay) {
  FakeGateway gateway([](const Seen&) { return says("ok"); });
  OpenAIGPTConfig config = config_for(gateway);
  config.max_output_tokens = 50;
  config.temperature = 0.2;
  config.seed = 42;
  config.reasoning_effort = "low";
  config.extra_body = R"({"service_tier":"flex","top_p":0.5})";
  ChatOptions options{.stop = {"END"}, .temperature = 0.0, .extra_body = R"({"top_p":0.9})"};
  options.trace_id = "trace-of-the-call";
  OpenAIGPT(config).chat("Hi", options);
  EXPECT_EQ(body_of(gateway.only()), parsed(R"({"model":"gpt-4o-mini",
      "messages":[{"role":"user","content":"Hi"}],"reasoning_effort":"low",
      "max_completion_tokens":50,"temperature":0,"seed":42,"stop":["END"],
      "service_tier":"flex","top_p":0.9})"));
  EXPECT_EQ(gateway.only().fields.at("x-portkey-trace-id"), "trace-of-the-call");
}

TEST(Chat, SendsAWholeConversation) {
  FakeGateway gateway([](const Seen&) { return says("ok"); });
  const ToolCall call{"call_1", "weather", R"({"city":"Paris"})"};
  ChatMessage asked = ChatMessage::assistant("");
  asked.tool_calls = {call};
  ChatMessage picture = ChatMessage::user("What is this?");
  picture.image_urls = {"https://example.com/a.png"};
  const std::vector<ChatMessage> messages = {ChatMessage::system("Be brief."), picture, asked,
                                             ChatMessage::tool_result(call, "18 degrees")};
  OpenAIGPT(config_for(gateway)).chat(messages);
  EXPECT_EQ(*json::find(body_of(gateway.only()), "messages"), parsed(R"([
      {"role":"system","content":"Be brief."},
      {"role":"user","content":[{"type":"text","text":"What is this?"},
        {"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]},
      {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",
        "function":{"name":"weather","arguments":"{\"city\":\"Paris\"}"}}]},
      {"role":"tool","tool_call_id":"call_1","content":"18 degrees"}])"));
}

TEST(Chat, OffersToolsAndTellsWhichTheModelWants) {
  FakeGateway gateway([](const Seen&) {
    return json_answer(R"({"choices":[{"message":{"content":null,"tool_calls":[
        {"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},
        {"id":"c2","type":"function","function":{"name":"time","arguments":"{}"}}]},
        "finish_reason":"tool_calls"}]})");
  });
  ChatOptions options;
  options.tools = {{"weather", "The weather of a city.",
                    R"({"type":"object","properties":{"city":{"type":"string"}}})", true}};
  options.tool_choice = ToolChoice{ToolChoice::Mode::named, "weather"};
  const LLMResponse answer = OpenAIGPT(config_for(gateway)).chat("Weather?", options);
  ASSERT_EQ(answer.tool_calls.size(), 2U);
  EXPECT_EQ(answer.tool_calls[0].id, "c1");
  EXPECT_EQ(json_text_member(answer.tool_calls[0].arguments, "city"), "Oslo");
  EXPECT_EQ(answer.tool_calls[1].name, "time");
  EXPECT_EQ(answer.finish_reason, "tool_calls");
  const json::Value body = body_of(gateway.only());
  EXPECT_EQ(*json::find(body, "tools"), parsed(R"([{"type":"function","function":{
      "name":"weather","description":"The weather of a city.",
      "parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":true}}])"));
  EXPECT_EQ(*json::find(body, "tool_choice"),
            parsed(R"({"type":"function","function":{"name":"weather"}})"));
}

TEST(Chat, KnowsFunctionsAsTheyWereBeforeTools) {
  FakeGateway gateway([](const Seen&) {
    return json_answer(R"({"choices":[{"message":{"content":null,
        "function_call":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},
        "finish_reason":"function_call"}]})");
  });
  ChatOptions options;
  options.functions = {{.name = "weather", .description = "The weather."}};
  options.function_call = "weather";
  const LLMResponse answer = OpenAIGPT(config_for(gateway)).chat("Weather?", options);
  ASSERT_TRUE(answer.function_call.has_value());
  EXPECT_EQ(answer.function_call->name, "weather");
  EXPECT_EQ(answer.function_call->arguments, R"({"city":"Oslo"})");
  EXPECT_TRUE(answer.tool_calls.empty());
  const json::Value body = body_of(gateway.only());
  EXPECT_EQ(*json::find(body, "functions"), parsed(R"([{"name":"weather",
      "description":"The weather.","parameters":{"type":"object","properties":{}}}])"));
  EXPECT_EQ(*json::find(body, "function_call"), parsed(R"({"name":"weather"})"));
}

TEST(Chat, AsksForStructuredOutput) {
  FakeGateway gateway([](const Seen&) { return says(R"({\"n\":2})"); });
  ChatOptions options;
  options.response_format = ResponseFormat::json_schema("prime", R"({"type":"object"})");
  const LLMResponse answer = OpenAIGPT(config_for(gateway)).chat("A prime?", options);
  EXPECT_EQ(json_number_member(answer.message, "n"), 2.0);
  EXPECT_EQ(*json::find(body_of(gateway.only()), "response_format"),
            parsed(R"({"type":"json_schema","json_schema":{"name":"prime",
                "schema":{"type":"object"},"strict":true}})"));
}

TEST(Chat, TellsReasoningAndRefusalApartFromTheMessage) {
  FakeGateway gateway([](const Seen&) {
    return json_answer(R"({"choices":[{"message":{"content":"Two.","reasoning_content":"Hm.",
        "refusal":"Not more."},"finish_reason":"stop"}]})");
  });
  const LLMResponse answer = OpenAIGPT(config_for(gateway)).chat("Hi");
  EXPECT_EQ(answer.message, "Two.");
  EXPECT_EQ(answer.reasoning, "Hm.");
  EXPECT_EQ(answer.refusal, "Not more.");
}

TEST(Chat, CanAskForAStreamAndStillReturnTheWhole) {
  FakeGateway gateway([](const Seen&) {
    return event_stream({chunk("one "), chunk("two"),
                         R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})",
                         "[DONE]"});
  });
  OpenAIGPTConfig config = config_for(gateway);
  std::string heard;
  config.stream = true;
  config.streamer = [&heard](const ChatDelta& delta) { heard += delta.text + "|"; };
  EXPECT_EQ(OpenAIGPT(config).chat("Count").message, "one two");
  EXPECT_EQ(heard, "one |two|");
  const json::Value body = body_of(gateway.only());
  EXPECT_EQ(*json::find(body, "stream"), json::Value(true));
  EXPECT_EQ(*json::find(body, "stream_options"), parsed(R"({"include_usage":true})"));
}

TEST(Embeddings, AreOneVectorForEachText) {
  FakeGateway gateway([](const Seen&) {
    return json_answer(R"({"object":"list","model":"e-1","data":[{"index":0,"embedding":[0.5,-1]},
        {"index":1,"embedding":[0,2]}],"usage":{"prompt_tokens":4,"total_tokens":4}})");
  });
  const Embeddings found = OpenAIGPT(config_for(gateway)).embeddings({"one", "two"});
  EXPECT_EQ(found.vectors, (std::vector<std::vector<float>>{{0.5F, -1.0F}, {0.0F, 2.0F}}));
  EXPECT_EQ(found.usage.prompt, 4);
  EXPECT_EQ(found.model, "e-1");
  const Seen seen = gateway.only();
  EXPECT_EQ(seen.path, "/v1/embeddings");
  EXPECT_EQ(body_of(seen), parsed(R"({"model":"text-embedding-3-small","input":["one","two"],
      "encoding_format":"float"})"));
  EXPECT_EQ(seen.fields.at("x-portkey-provider"), "openai");
}

TEST(Configuration, WhatCannotBeUsedIsRefusedBeforeAnythingIsSent) {
  const auto complaint = [](const std::function<void(OpenAIGPTConfig&)>& spoil) -> std::string {
    OpenAIGPTConfig config{.chat_model = "portkey/openai/gpt-4o"};
    config.portkey_params.base_url = "http://127.0.0.1:1";
    spoil(config);
    try {
      const OpenAIGPT llm(config);
      ChatOptions options;
      options.tools = {{"t", "", "not json", {}}};
      llm.chat("Hi", options);
    } catch (const ConfigurationError& error) {
      return error.what();
    }
    return "nothing was wrong";
  };
  using Config = OpenAIGPTConfig;
  const auto url = [&](const std::string& text) {
    return complaint([&](Config& config) { config.portkey_params.base_url = text; });
  };
  EXPECT_NE(url("gateway.example").find("must begin with http"), std::string::npos);
  EXPECT_NE(url("http://user:pw@host").find("must not hold a user"), std::string::npos);
  EXPECT_EQ(url("http://user:pw@host").find("pw"), std::string::npos);
  EXPECT_NE(url("http://host:99999").find("port"), std::string::npos);
  EXPECT_NE(url("http://").find("names no host"), std::string::npos);
  EXPECT_NE(url("http://[]:80/x?y").find("no query"), std::string::npos);
  const auto header = [&](const std::string& name, const std::string& value) {
    return complaint([&](Config& config) { config.headers[name] = value; });
  };
  EXPECT_NE(header("bad name", "x").find("'bad name'"), std::string::npos);
  EXPECT_NE(header("x-a", "line\r\nx-b: 1").find("'x-a'"), std::string::npos);
  EXPECT_NE(complaint([](Config& config) {
              config.chat_model = "portkey/openai/";
            }).find("portkey/provider/model"),
            std::string::npos);
  EXPECT_NE(complaint([](Config& config) {
              config.portkey_params.base_url = "https://127.0.0.1:1";
              config.ca_file = "/nowhere/ca.pem";
            }).find("/nowhere/ca.pem"),
            std::string::npos);
  EXPECT_NE(complaint([](Config&) {}).find("The parameters of the tool 't'"), std::string::npos);
}

TEST(JsonText, FindsMembersAndQuotes) {
  EXPECT_EQ(json_text_member(R"({"a":"x\n"})", "a"), "x\n");
  EXPECT_EQ(json_text_member(R"({"a":1})", "a"), std::nullopt);
  EXPECT_EQ(json_text_member("[1]", "a"), std::nullopt);
  EXPECT_EQ(json_text_member("{broken", "a"), std::nullopt);
  EXPECT_EQ(json_number_member(R"({"a":1.5})", "a"), 1.5);
  EXPECT_EQ(json_member(R"({"a":[1,2]})", "a"), "[1,2]");
  EXPECT_EQ(json_quote("a\"b"), R"("a\"b")");
}

}  // namespace
}  // namespace gatehouse::client
