// A program that tests start from outside, to see the library in a process of its own.
//   probe headers                      the headers that the environment's PORTKEY_* mean
//   probe chat MODEL COUNT [CA_FILE]   that many chats, one after the other, over one client
//   probe abandon MODEL                reads one piece of a stream and drops it
//   probe cancel MODEL                 cancels a chat when a line comes on standard input
// The last two say what happened and then wait for the end of standard input.
#include <cstdio>
#include <cstdlib>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "gatehouse/client.h"

namespace {

namespace lm = gatehouse::client;

void wait_for_the_end() {
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

int print_headers() {
  for (const auto& [name, value] : lm::PortkeyParams().get_headers()) {
    std::printf("%s: %s\n", name.c_str(), value.c_str());
  }
  return 0;
}

int chat(const lm::OpenAIGPTConfig& config, int count) {
  const lm::OpenAIGPT llm(config);
  for (int i = 0; i < count; ++i) {
    std::printf("%s\n", llm.chat("Hello " + std::to_string(i)).message.c_str());
  }
  return 0;
}

int abandon(const lm::OpenAIGPTConfig& config) {
  const lm::OpenAIGPT llm(config);
  {
    lm::ChatStream stream = llm.stream("Hello");
    const lm::ChatDelta* first = stream.next();
    std::printf("read '%s' and left\n", first == nullptr ? "" : first->text.c_str());
  }
  wait_for_the_end();
  return 0;
}

int cancel(const lm::OpenAIGPTConfig& config) {
  const lm::OpenAIGPT llm(config);
  std::stop_source stop;
  const std::jthread other([&stop] {
    while (std::getchar() != '\n') {
    }
    stop.request_stop();
  });
  try {
    llm.chat("Hello", {.cancel = stop.get_token()});
  } catch (const lm::CancelledError& error) {
    std::printf("%s\n", error.what());
  }
  wait_for_the_end();
  return 0;
}

int run(const std::vector<std::string>& words) {
  const std::string& command = words.at(0);
  if (command == "headers") return print_headers();
  lm::OpenAIGPTConfig config{.chat_model = words.at(1)};
  config.retry_delay = std::chrono::milliseconds(1);
  if (words.size() > 3) config.ca_file = words[3];
  if (command == "chat") return chat(config, std::atoi(words.at(2).c_str()));
  return command == "abandon" ? abandon(config) : cancel(config);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::printf("Error: %s\n", error.what());
    return 1;
  }
}
