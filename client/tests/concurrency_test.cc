// Many threads, coroutines and cancelled calls; meant to run under ThreadSanitizer too.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
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
using testing::says;
using testing::Scripted;
using testing::Seen;

constexpr const char* kStop = R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";

OpenAIGPT client_of(const FakeGateway& gateway) {
  OpenAIGPTConfig config{.chat_model = "portkey/openai/gpt-4o"};
  config.portkey_params.base_url = gateway.url();
  config.timeout = std::chrono::seconds(60);
  return OpenAIGPT(config);
}

Scripted silent() {
  Scripted answer = json_answer("{");
  answer.ending = Ending::stall;
  return answer;
}

/// Streams to those who want one, and tells everybody his own question.
Scripted echo(const Seen& seen) {
  const std::size_t at = seen.body.find("q-");
  const std::string question = seen.body.substr(at, seen.body.find('"', at) - at);
  if (seen.body.find("\"stream\":true") == std::string::npos) return says(question);
  return event_stream({chunk("stream "), chunk(question), kStop, "[DONE]"});
}

TEST(Threads, ThirtyTwoShareOneClient) {
  constexpr int kThreads = 32;
  constexpr int kCalls = 12;
  FakeGateway gateway(echo);
  const OpenAIGPT llm = client_of(gateway);
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kCalls; ++i) {
          const std::string question = "q-" + std::to_string(t) + "-" + std::to_string(i);
          if (i % 3 == 0) right += llm.chat(question).message == question ? 1 : 0;
          if (i % 3 == 1) {
            right += llm.stream(question, {}, {}).message == "stream " + question ? 1 : 0;
          }
          if (i % 3 == 2) {
            ChatStream left = llm.stream(question);
            right += left.next() != nullptr ? 1 : 0;  // and abandoned
          }
        }
      });
    }
  }
  EXPECT_EQ(right, kThreads * kCalls);
}

TEST(Threads, MakeAndDropClientsOfTheirOwn) {
  constexpr int kThreads = 16;
  FakeGateway gateway(echo);
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        const std::string question = "q-" + std::to_string(t);
        right += client_of(gateway).chat(question).message == question ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(right, kThreads);
}

TEST(Cancelling, AChatClosesItsConnection) {
  FakeGateway gateway([](const Seen&) { return silent(); });
  const OpenAIGPT llm = client_of(gateway);
  std::stop_source stop;
  const std::jthread other([&] {
    if (gateway.wait_for_seen(1)) stop.request_stop();
  });
  EXPECT_THROW(llm.chat("Hi", {.cancel = stop.get_token()}), CancelledError);
  EXPECT_TRUE(gateway.wait_for_dropped(1));
}

TEST(Cancelling, BeforeItBeginsSendsNothing) {
  FakeGateway gateway(echo);
  const OpenAIGPT llm = client_of(gateway);
  std::stop_source stop;
  stop.request_stop();
  for (int i = 0; i < 50; ++i) {
    EXPECT_THROW(llm.chat("q-x", {.cancel = stop.get_token()}), CancelledError);
    EXPECT_THROW(llm.stream("q-x", {.cancel = stop.get_token()}).next(), CancelledError);
  }
  EXPECT_TRUE(gateway.seen().empty());
}

TEST(Cancelling, DroppingWhatIsPendingClosesItsConnection) {
  FakeGateway gateway([](const Seen&) { return silent(); });
  const OpenAIGPT llm = client_of(gateway);
  {
    const Pending<LLMResponse> pending = llm.achat("Hi");
    ASSERT_TRUE(gateway.wait_for_seen(1));
  }
  EXPECT_TRUE(gateway.wait_for_dropped(1));
}

TEST(Cancelling, ManyAtOnceFromManyThreads) {
  constexpr int kThreads = 16;
  FakeGateway gateway([](const Seen&) { return silent(); });
  const OpenAIGPT llm = client_of(gateway);
  std::atomic<int> cancelled{0};
  std::stop_source stop;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        try {
          llm.chat("Hi", {.cancel = stop.get_token()});
        } catch (const CancelledError&) {
          ++cancelled;
        }
      });
    }
    EXPECT_TRUE(gateway.wait_for_seen(kThreads));
    stop.request_stop();
  }
  EXPECT_EQ(cancelled, kThreads);
  EXPECT_TRUE(gateway.wait_for_dropped(kThreads));
}

/// A coroutine that runs by itself, as a program's own might; the library knows nothing of it.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Detached ask(OpenAIGPT llm, std::string question, std::promise<std::string>& told) {
  try {
    const LLMResponse answer = co_await llm.achat(question);
    told.set_value(answer.message);
  } catch (const ClientError& error) {
    told.set_value(error.what());
  }
}

TEST(Coroutines, AwaitAnAnswer) {
  FakeGateway gateway(echo);
  std::promise<std::string> told;
  ask(client_of(gateway), "q-1", told);
  EXPECT_EQ(told.get_future().get(), "q-1");
}

TEST(Coroutines, AreToldOfErrorsByExceptions) {
  FakeGateway gateway([](const Seen&) { return refusal(429, "{}"); });
  std::promise<std::string> told;
  ask(client_of(gateway), "q-1", told);
  EXPECT_TRUE(told.get_future().get().starts_with("Rate limit exceeded"));
}

Detached ask_twice(OpenAIGPT llm, std::promise<std::string>& told) {
  Pending<LLMResponse> first = llm.achat("q-first");
  Pending<LLMResponse> second = llm.achat("q-second");
  std::string both = (co_await second).message;
  both += (co_await first).message;
  both += llm.chat("q-blocking").message;  // holds up no other call
  told.set_value(both);
}

TEST(Coroutines, MayHaveSeveralCallsUnderWayAndBlock) {
  FakeGateway gateway(echo);
  std::promise<std::string> told;
  ask_twice(client_of(gateway), told);
  EXPECT_EQ(told.get_future().get(), "q-secondq-firstq-blocking");
}

/// A coroutine that its owner may end where it stands.
struct Owned {
  struct promise_type {
    Owned get_return_object() {
      return Owned{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

Owned wait_for_ever(OpenAIGPT llm) { co_await llm.achat("Hi"); }

TEST(Coroutines, OneThatIsDestroyedWhileItWaitsClosesItsConnection) {
  FakeGateway gateway([](const Seen&) { return silent(); });
  const Owned waiting = wait_for_ever(client_of(gateway));
  ASSERT_TRUE(gateway.wait_for_seen(1));
  waiting.handle.destroy();
  EXPECT_TRUE(gateway.wait_for_dropped(1));
}

TEST(Pending, GivesItsAnswerToAThreadThatWaits) {
  FakeGateway gateway(echo);
  const OpenAIGPT llm = client_of(gateway);
  std::vector<Pending<LLMResponse>> pending;
  for (int i = 0; i < 20; ++i) pending.push_back(llm.achat("q-" + std::to_string(i)));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(pending[static_cast<std::size_t>(i)].get().message, "q-" + std::to_string(i));
  }
}

}  // namespace
}  // namespace gatehouse::client
