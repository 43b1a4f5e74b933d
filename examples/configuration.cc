// Every parameter of a gateway, and the headers that they become.
#include <gatehouse/client.h>

#include <chrono>
#include <cstdio>

namespace lm = gatehouse::client;

int main() {
  // [params]
  lm::PortkeyParams params;  // each member: PORTKEY_API_KEY and so on, from the environment or .env

  params.api_key = "pk-...";      // the gateway's key
  params.provider = "openai";     // unless the model string names one
  params.virtual_key = "vk-...";  // a provider's key that is kept at the gateway

  params.trace_id = "trace-123";  // names a chain of requests
  params.metadata = {{"key", "value"}, {"number", 7}};
  params.user = "user-id";
  params.organization = "org-id";

  params.cache = lm::CacheParams{.enabled = true, .ttl = 3600, .name_space = "my-app"};
  params.cache_force_refresh = false;  // true: ask the provider anew

  params.retry = lm::RetryParams{.max_retries = 3, .backoff = "exponential", .jitter = true};

  params.custom_headers = {{"x-custom", "value"}};

  params.base_url = "http://127.0.0.1:8787";  // https://api.portkey.ai unless set
  // [/params]
  // [headers]
  for (const auto& [name, value] : params.get_headers()) {
    std::printf("%s: %s\n", name.c_str(), value.c_str());
  }
  // [/headers]
  // [config]
  lm::OpenAIGPTConfig config;
  config.chat_model = "portkey/openai/gpt-4o-mini";  // gateway, provider, model
  config.api_key = "sk-...";                         // the provider's; OPENAI_API_KEY unless set
  config.portkey_params = params;

  config.max_output_tokens = 200;
  config.temperature = 0.2;
  config.seed = 42;
  config.reasoning_effort = "low";
  config.parallel_tool_calls = false;
  config.stream = false;                              // whether chat() asks for a stream
  config.headers = {{"x-session-id", "s-1"}};         // with every request
  config.extra_body = R"({"service_tier": "flex"})";  // members that have no name here
  config.embedding_model = "text-embedding-3-small";

  config.timeout = std::chrono::seconds(120);  // for an answer; for a stream, between pieces
  config.connection_retries = 2;               // by this library, before an answer began
  config.retry_delay = std::chrono::milliseconds(500);
  config.ca_file = "";  // authorities beside the system's, PEM
  // [/config]
  const lm::OpenAIGPT llm(config);
  std::printf("asks %s\n", llm.config().chat_model.c_str());
  // [model]
  const lm::ModelName name = lm::PortkeyParams::parse_model_string("portkey/meta/llama-3.1-405b");
  std::printf("provider %s, model %s\n", name.provider.c_str(), name.model.c_str());
  // [/model]
  return 0;
}
