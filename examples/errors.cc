// What each kind of failure looks like, provoked one by one; and the debug log.
#include <gatehouse/client.h>

#include <cstdio>
#include <stop_token>
#include <string>

namespace lm = gatehouse::client;

namespace {

void explain(const lm::OpenAIGPTConfig& config, const lm::ChatOptions& options = {}) {
  // [catch]
  try {
    lm::OpenAIGPT(config).chat("Hello", options);
  } catch (const lm::RateLimitError& error) {
    std::printf("Error: %s\n", error.what());  // error.failure().retry_after, if it is known
  } catch (const lm::AuthenticationError& error) {
    std::printf("Error: %s\n", error.what());
  } catch (const lm::ClientError& error) {  // the base of them all
    std::printf("Error: %s\n", error.what());
  }
  // [/catch]
}

}  // namespace

int main() {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // in order with the lines on standard error
  lm::OpenAIGPTConfig wrong_key{.chat_model = "portkey/demo/demo-chat"};
  wrong_key.portkey_params.api_key = "gh-a-key-that-nobody-made";
  explain(wrong_key);
  explain({.chat_model = "portkey/openai/gpt-4o"});
  explain({.chat_model = "portkey/demo/demo-that-is-not-there"});
  explain({.chat_model = "portkey/demo/demo-error-429"});

  // [cancel]
  std::stop_source stop;  // stop.request_stop() may come from any thread, at any time
  lm::ChatOptions options;
  options.cancel = stop.get_token();
  // [/cancel]
  stop.request_stop();
  explain({.chat_model = "portkey/demo/demo-slow"}, options);

  // [debug]
  lm::debug_log_to_stderr();
  // [/debug]
  explain({.chat_model = "portkey/demo/demo-error-500"});
  return 0;
}
