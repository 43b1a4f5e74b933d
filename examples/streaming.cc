// An answer in pieces as they come: as a range, by a callback; and a whole one in a coroutine.
// Argument: a model (the gateway's demo if none).
#include <gatehouse/client.h>

#include <coroutine>
#include <cstdio>
#include <exception>
#include <future>
#include <string>

namespace lm = gatehouse::client;

namespace {

void as_a_range(const lm::OpenAIGPT& llm) {
  // [range]
  lm::ChatStream answer = llm.stream("Tell me a story.");
  for (const lm::ChatDelta& delta : answer) std::printf("%s", delta.text.c_str());
  std::printf("\n-- %s after %lld tokens\n", answer.response().finish_reason.c_str(),
              static_cast<long long>(answer.response().usage.completion));
  // [/range]
}

void by_a_callback(const lm::OpenAIGPT& llm) {
  // [callback]
  int pieces = 0;
  const lm::LLMResponse whole = llm.stream("Count to ten.", [&pieces](const lm::ChatDelta& delta) {
    if (!delta.text.empty()) ++pieces;
  });
  std::printf("-- %s pieces make %zu characters\n", pieces > 1 ? "several" : "too few",
              whole.message.size());
  // [/callback]
}

// [coroutine]
// Any coroutine can await an answer. This type is the smallest that can: it runs by itself.
struct Coroutine {
  struct promise_type {
    Coroutine get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Coroutine ask_two_at_once(lm::OpenAIGPT llm, std::promise<void>& done) {
  try {
    lm::Pending<lm::LLMResponse> first = llm.achat("One?");  // both are under way now
    lm::Pending<lm::LLMResponse> second = llm.achat("Two?");
    const std::string one = (co_await first).message;
    const std::string two = (co_await second).message;
    std::printf("%s\n%s\n", one.c_str(), two.c_str());
    done.set_value();
  } catch (...) {
    done.set_exception(std::current_exception());
  }
}
// [/coroutine]

}  // namespace

int main(int argc, char** argv) {
  const std::string model = argc > 1 ? argv[1] : "portkey/demo/demo-chat";
  try {
    const lm::OpenAIGPT llm(lm::OpenAIGPTConfig{.chat_model = model});
    as_a_range(llm);
    by_a_callback(llm);
    std::promise<void> done;
    ask_two_at_once(llm, done);
    done.get_future().get();
  } catch (const lm::ClientError& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return 1;
  }
  return 0;
}
