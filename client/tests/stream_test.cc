#include <gtest/gtest.h>

#include <ranges>
#include <thread>

#include "client/tests/fake_gateway.h"
#include "gatehouse/client.h"

namespace gatehouse::client {
namespace {

using testing::chunk;
using testing::Ending;
using testing::event_stream;
using testing::FakeGateway;
using testing::json_answer;
using testing::refusal;
using testing::Scripted;
using testing::Seen;

static_assert(std::ranges::input_range<ChatStream>);

constexpr const char* kStop = R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";
constexpr const char* kUsage =
    R"({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})";

OpenAIGPT client_of(const FakeGateway& gateway) {
  OpenAIGPTConfig config{.chat_model = "portkey/openai/gpt-4o"};
  config.portkey_params.base_url = gateway.url();
  config.timeout = std::chrono::seconds(20);
  return OpenAIGPT(config);
}

TEST(Stream, IsARangeOfPiecesWithTheWholeAtItsEnd) {
  FakeGateway gateway([](const Seen&) {
    Scripted answer = event_stream({chunk("one "), chunk("two"), kStop, kUsage, "[DONE]"});
    answer.fields["x-portkey-trace-id"] = "trace-7";
    return answer;
  });
  ChatStream stream = client_of(gateway).stream("Count");
  std::vector<std::string> pieces;
  for (const ChatDelta& delta : stream) pieces.push_back(delta.text);
  EXPECT_EQ(pieces, (std::vector<std::string>{"one ", "two"}));
  const LLMResponse& whole = stream.response();
  EXPECT_EQ(whole.message, "one two");
  EXPECT_EQ(whole.finish_reason, "stop");
  EXPECT_EQ(whole.usage.total, 3);
  EXPECT_EQ(whole.trace_id, "trace-7");
  EXPECT_EQ(whole.model, "m-1");
  EXPECT_EQ(stream.next(), nullptr);
}

TEST(Stream, TellsThoughtsAndToolCallsAsTheyCome) {
  FakeGateway gateway([](const Seen&) {
    return event_stream({R"({"choices":[{"index":0,"delta":{"reasoning_content":"Hm."}}]})",
                         R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1",)"
                         R"("type":"function","function":{"name":"weather","arguments":""}}]}}]})",
                         R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,)"
                         R"("function":{"arguments":"{\"city\":"}}]}}]})",
                         R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,)"
                         R"("function":{"arguments":"\"Oslo\"}"}}]}}]})",
                         R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})",
                         "[DONE]"});
  });
  std::string thoughts;
  std::string calls;
  const LLMResponse whole = client_of(gateway).stream("Weather?", [&](const ChatDelta& delta) {
    thoughts += delta.reasoning;
    if (delta.tool) calls += delta.tool->name + "(" + delta.tool->arguments + ")";
  });
  EXPECT_EQ(thoughts, "Hm.");
  EXPECT_EQ(calls, R"(weather()({"city":)("Oslo"}))");
  ASSERT_EQ(whole.tool_calls.size(), 1U);
  EXPECT_EQ(whole.tool_calls[0].arguments, R"({"city":"Oslo"})");
  EXPECT_EQ(whole.reasoning, "Hm.");
}

TEST(Stream, ARefusalIsAnErrorBeforeTheFirstPiece) {
  FakeGateway gateway([](const Seen&) { return refusal(429, R"({"error":{"message":"busy"}})"); });
  ChatStream stream = client_of(gateway).stream("Hi");
  EXPECT_THROW(stream.next(), RateLimitError);
}

TEST(Stream, OneThatBreaksOffIsAnErrorAfterWhatCameBefore) {
  FakeGateway gateway([](const Seen&) {
    Scripted answer = event_stream({chunk("half")});
    answer.ending = Ending::cut;
    return answer;
  });
  ChatStream stream = client_of(gateway).stream("Hi");
  const ChatDelta* first = stream.next();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->text, "half");
  EXPECT_THROW(stream.next(), BadResponseError);
  EXPECT_EQ(stream.response().message, "half");
}

TEST(Stream, OneThatEndsWithoutItsEndIsABadResponse) {
  FakeGateway gateway([](const Seen&) { return event_stream({chunk("half")}); });
  ChatStream stream = client_of(gateway).stream("Hi");
  ASSERT_NE(stream.next(), nullptr);
  EXPECT_THROW(stream.next(), BadResponseError);
}

TEST(Stream, AnErrorEventIsAnError) {
  FakeGateway gateway([](const Seen&) {
    return event_stream({chunk("half"), R"({"error":{"message":"overloaded","code":503}})"});
  });
  ChatStream stream = client_of(gateway).stream("Hi");
  ASSERT_NE(stream.next(), nullptr);
  EXPECT_THROW(stream.next(), ServerError);
}

TEST(Stream, AnAnswerThatIsNoStreamIsABadResponse) {
  FakeGateway gateway([](const Seen&) { return json_answer("{}"); });
  ChatStream stream = client_of(gateway).stream("Hi");
  EXPECT_THROW(stream.next(), BadResponseError);
}

TEST(Stream, OneThatFallsSilentIsATimeout) {
  FakeGateway gateway([](const Seen&) {
    Scripted answer = event_stream({chunk("half")});
    answer.ending = Ending::stall;
    return answer;
  });
  OpenAIGPTConfig config = client_of(gateway).config();
  config.timeout = std::chrono::milliseconds(40);
  ChatStream stream = OpenAIGPT(config).stream("Hi");
  ASSERT_NE(stream.next(), nullptr);
  EXPECT_THROW(stream.next(), TimeoutError);
}

TEST(Stream, OneThatIsAbandonedHalfWayClosesItsConnection) {
  FakeGateway gateway([](const Seen&) {
    Scripted answer = event_stream({chunk("one"), chunk("two")});
    answer.ending = Ending::stall;
    return answer;
  });
  const OpenAIGPT llm = client_of(gateway);
  {
    ChatStream stream = llm.stream("Hi");
    ASSERT_NE(stream.next(), nullptr);
  }
  EXPECT_TRUE(gateway.wait_for_dropped(1));
}

TEST(Stream, OneThatIsNeverReadClosesItsConnectionToo) {
  FakeGateway gateway([](const Seen&) {
    Scripted answer = event_stream({chunk("one")});
    answer.ending = Ending::stall;
    return answer;
  });
  const OpenAIGPT llm = client_of(gateway);
  {
    const ChatStream stream = llm.stream("Hi");
    ASSERT_TRUE(gateway.wait_for_seen(1));
  }
  EXPECT_TRUE(gateway.wait_for_dropped(1));
}

TEST(Stream, WhatTheCallbackThrowsEndsItAndIsPassedOn) {
  FakeGateway gateway([](const Seen&) {
    Scripted answer = event_stream({chunk("one"), chunk("two")});
    answer.ending = Ending::stall;
    return answer;
  });
  const OpenAIGPT llm = client_of(gateway);
  EXPECT_THROW(llm.stream("Hi", [](const ChatDelta&) { throw std::out_of_range("mine"); }),
               std::out_of_range);
  EXPECT_TRUE(gateway.wait_for_dropped(1));
}

TEST(Stream, AStopEndsAReaderThatWaits) {
  FakeGateway gateway([](const Seen&) {
    Scripted answer = event_stream({chunk("one")});
    answer.ending = Ending::stall;
    return answer;
  });
  std::stop_source stop;
  ChatStream stream = client_of(gateway).stream("Hi", {.cancel = stop.get_token()});
  ASSERT_NE(stream.next(), nullptr);
  const std::jthread other([&stop] { stop.request_stop(); });
  EXPECT_THROW(stream.next(), CancelledError);
  EXPECT_TRUE(gateway.wait_for_dropped(1));
}

TEST(Stream, ASlowReaderGetsAllOfALongAnswer) {
  constexpr int kPieces = 20'000;
  FakeGateway gateway([](const Seen&) {
    std::vector<std::string> events(kPieces, chunk("x"));
    events.emplace_back(kStop);
    events.emplace_back("[DONE]");
    return event_stream(events);
  });
  ChatStream stream = client_of(gateway).stream("Hi");
  ASSERT_NE(stream.next(), nullptr);
  ASSERT_TRUE(gateway.wait_for_seen(1));
  while (stream.next() != nullptr) {
  }
  EXPECT_EQ(stream.response().message, std::string(kPieces, 'x'));
}

TEST(Stream, OutlivesTheClientThatBeganIt) {
  FakeGateway gateway([](const Seen&) { return event_stream({chunk("one"), kStop, "[DONE]"}); });
  ChatStream stream = client_of(gateway).stream("Hi");
  while (stream.next() != nullptr) {
  }
  EXPECT_EQ(stream.response().message, "one");
}

}  // namespace
}  // namespace gatehouse::client
