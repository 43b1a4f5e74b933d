// The next provider when one fails. Models: the arguments, or two of the demo's that fail and one
// that answers.
#include <gatehouse/client.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace lm = gatehouse::client;

namespace {

// [fallback]
std::optional<lm::LLMResponse> ask_first_that_answers(const std::vector<std::string>& models,
                                                      const std::string& question) {
  for (const std::string& model : models) {
    try {
      const lm::OpenAIGPT llm(lm::OpenAIGPTConfig{.chat_model = model});
      return llm.chat(question);
    } catch (const lm::ClientError& error) {
      std::printf("%s: %s\n", model.c_str(), error.what());  // try the next provider
    }
  }
  return std::nullopt;
}
// [/fallback]

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> models(argv + 1, argv + argc);
  if (models.empty()) {
    models = {"portkey/demo/demo-error-500", "portkey/demo/demo-error-429",
              "portkey/demo/demo-chat"};
  }
  const std::optional<lm::LLMResponse> response = ask_first_that_answers(models, "Who answers?");
  if (!response) return 1;
  std::printf("%s\n", response->message.c_str());
  return 0;
}
