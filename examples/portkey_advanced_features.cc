// What a gateway does besides passing a chat on: caching, retries, observability, virtual keys.
// Arguments: a model (the gateway's demo if none), and a virtual key if there is one.
#include <gatehouse/client.h>

#include <cstdio>
#include <string>

namespace lm = gatehouse::client;

namespace {

void with_caching(const std::string& model) {
  std::puts("== Caching");
  // [caching]
  lm::OpenAIGPTConfig config{.chat_model = model};
  config.portkey_params.cache = lm::CacheParams{
      .enabled = true,
      .ttl = 3600,  // seconds
      .name_space = "my-app",
  };
  config.portkey_params.cache_force_refresh = false;
  const lm::OpenAIGPT llm(config);

  for (int i = 1; i <= 2; ++i) {
    const lm::LLMResponse response = llm.chat("What is the capital of France?");
    std::printf("answer %d %s\n", i, response.cached ? "is from the cache" : "is new");
  }
  // [/caching]
}

void with_retries(const std::string& model) {
  std::puts("== Retries");
  // [retries]
  lm::OpenAIGPTConfig config{.chat_model = model};
  config.portkey_params.retry = lm::RetryParams{
      .max_retries = 3,
      .backoff = "exponential",
      .jitter = true,
  };
  const lm::OpenAIGPT llm(config);

  const lm::LLMResponse response = llm.chat("Say hello.");
  const auto retries = response.headers.find("x-portkey-retry-attempt-count");
  std::printf("retries that it took: %s\n",
              retries == response.headers.end() ? "unknown" : retries->second.c_str());
  // [/retries]
}

void with_observability(const std::string& model) {
  std::puts("== Observability");
  // [observability]
  const std::string trace_id = lm::make_trace_id();
  lm::OpenAIGPTConfig config{.chat_model = model};
  config.portkey_params.trace_id = trace_id;
  config.portkey_params.metadata = {
      {"user_id", "user-123"}, {"session_id", "session-456"}, {"app_version", "1.2.3"}};
  config.portkey_params.user = "user-123";
  config.portkey_params.organization = "my-org";
  config.portkey_params.custom_headers = {{"x-request-source", "gatehouse-client"},
                                          {"x-feature", "chat-completion"}};
  const lm::OpenAIGPT llm(config);

  const lm::LLMResponse response = llm.chat("Say hello.");
  std::printf("the gateway's record has it under %s: %s\n", response.trace_id.c_str(),
              response.trace_id == trace_id ? "as we named it" : "by another name");
  // [/observability]
}

void with_virtual_key(const std::string& model, const std::string& slug) {
  std::puts("== Virtual key");
  // [virtual_key]
  lm::OpenAIGPTConfig config{.chat_model = model};
  config.portkey_params.virtual_key = slug;  // kept at the gateway, such as "my-openai"
  const lm::OpenAIGPT llm(config);

  const lm::LLMResponse response = llm.chat("Say hello.");
  // [/virtual_key]
  std::printf("answered by %s\n", response.model.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string model = argc > 1 ? argv[1] : "portkey/demo/demo-chat";
  try {
    with_caching(model);
    with_retries(model);
    with_observability(model);
    if (argc > 2) with_virtual_key(model, argv[2]);
  } catch (const lm::ClientError& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return 1;
  }
  return 0;
}
