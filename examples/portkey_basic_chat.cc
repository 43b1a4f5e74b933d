// One question to one model after the other. Models: the arguments, or the gateway's demo.
#include <gatehouse/client.h>

#include <cstdio>
#include <string>
#include <vector>

namespace lm = gatehouse::client;

namespace {

void ask(const std::string& model) {
  // [chat]
  lm::OpenAIGPTConfig config{
      .chat_model = model,  // such as "portkey/openai/gpt-4o-mini"
      // portkey_params.api_key is PORTKEY_API_KEY, from the environment or .env
  };
  const lm::OpenAIGPT llm(config);

  const lm::LLMResponse response = llm.chat("What is the smallest prime number?");
  std::printf("%s\n", response.message.c_str());
  // [/chat]
  std::printf("-- %s, %lld tokens\n", model.c_str(), static_cast<long long>(response.usage.total));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  // [providers]
  const std::vector<std::string> models = {
      "portkey/demo/gpt-4o",        // portkey/openai/gpt-4o, with OPENAI_API_KEY
      "portkey/demo/claude",        // portkey/anthropic/claude-3-5-sonnet-20241022
      "portkey/demo/gemini-flash",  // portkey/google/gemini-2.0-flash-lite
  };
  // [/providers]
  try {
    for (const std::string& model : given.empty() ? models : given) ask(model);
  } catch (const lm::ClientError& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return 1;
  }
  return 0;
}
