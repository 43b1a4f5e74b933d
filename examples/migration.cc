// From a provider to the gateway, one step after the other. Argument: `before` shows the start too,
// which needs OPENAI_API_KEY.
#include <gatehouse/client.h>

#include <cstdio>
#include <string_view>

namespace lm = gatehouse::client;

namespace {

void test(const char* step, const lm::OpenAIGPTConfig& config) {
  // [test]
  const lm::OpenAIGPT llm(config);
  const lm::LLMResponse response = llm.chat("Hello");
  std::printf("%s: the integration works (%lld tokens)\n", step,
              static_cast<long long>(response.usage.total));
  // [/test]
}

}  // namespace

int main(int argc, char** argv) {
  try {
    // [before]
    // Before: OpenAI itself
    lm::OpenAIGPTConfig before{.chat_model = "gpt-4o-mini"};
    // [/before]
    if (argc > 1 && std::string_view(argv[1]) == "before") test("before", before);

    // [after]
    // After: through the gateway. Its demo stands for portkey/openai/gpt-4o-mini here.
    lm::OpenAIGPTConfig config{.chat_model = "portkey/demo/gpt-4o-mini", .max_output_tokens = 50};
    // [/after]
    test("step 1", config);

    // [caching]
    // Step 2: add caching
    config.portkey_params.cache = lm::CacheParams{.enabled = true, .ttl = 3600};
    // [/caching]
    test("step 2", config);

    // [observability]
    // Step 3: add observability
    config.portkey_params.metadata = {{"app", "my-app"}, {"user", "user-123"}};
    config.portkey_params.trace_id = lm::make_trace_id();
    // [/observability]
    test("step 3", config);
  } catch (const lm::ClientError& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return 1;
  }
  return 0;
}
