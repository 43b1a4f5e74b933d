#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "client/tests/fake_gateway.h"
#include "gatehouse/client.h"

namespace gatehouse::client {
namespace {

using testing::Variable;

TEST(PortkeyParams, HaveTheirDefaultsFromTheEnvironment) {
  const Variable key("PORTKEY_API_KEY", "pk-1");
  const Variable provider("PORTKEY_PROVIDER", "anthropic");
  const Variable virtual_key("PORTKEY_VIRTUAL_KEY", "vk-1");
  const Variable trace("PORTKEY_TRACE_ID", "trace-1");
  const Variable metadata("PORTKEY_METADATA", R"({"app": "x", "n": 2})");
  const Variable retry("PORTKEY_RETRY", R"({"max_retries": 3, "jitter": true})");
  const Variable cache("PORTKEY_CACHE", R"({"enabled": true, "ttl": 60, "namespace": "n"})");
  const Variable refresh("PORTKEY_CACHE_FORCE_REFRESH", "False");
  const Variable user("PORTKEY_USER", "u");
  const Variable organization("PORTKEY_ORGANIZATION", "o");
  const Variable custom("PORTKEY_CUSTOM_HEADERS", R"({"x-team": "blue"})");
  const Variable base("PORTKEY_BASE_URL", "http://127.0.0.1:8787");
  const PortkeyParams params;
  EXPECT_EQ(params.base_url, "http://127.0.0.1:8787");
  EXPECT_EQ(params.get_headers(),
            (Headers{{"x-portkey-api-key", "pk-1"},
                     {"x-portkey-provider", "anthropic"},
                     {"x-portkey-virtual-key", "vk-1"},
                     {"x-portkey-trace-id", "trace-1"},
                     {"x-portkey-metadata", R"({"app": "x", "n": 2})"},
                     {"x-portkey-retry", R"({"max_retries": 3, "jitter": true})"},
                     {"x-portkey-cache", R"({"enabled": true, "ttl": 60, "namespace": "n"})"},
                     {"x-portkey-cache-force-refresh", "false"},
                     {"x-portkey-user", "u"},
                     {"x-portkey-organization", "o"},
                     {"x-team", "blue"}}));
}

TEST(PortkeyParams, WhatIsGivenWinsOverTheEnvironment) {
  const Variable key("PORTKEY_API_KEY", "pk-1");
  const PortkeyParams params{.api_key = "pk-2"};
  EXPECT_EQ(params.get_headers(), (Headers{{"x-portkey-api-key", "pk-2"}}));
}

TEST(PortkeyParams, AreAtPortkeyItselfUnlessSaidOtherwise) {
  EXPECT_EQ(PortkeyParams().base_url, "https://api.portkey.ai");
}

TEST(PortkeyParams, AVariableThatIsNoJsonIsRefusedByName) {
  const Variable cache("PORTKEY_CACHE", "yes, please");
  try {
    const PortkeyParams params;
    FAIL() << "PORTKEY_CACHE was taken";
  } catch (const ConfigurationError& error) {
    EXPECT_NE(std::string(error.what()).find("PORTKEY_CACHE must be a JSON object"),
              std::string::npos);
  }
}

TEST(TraceId, IsNewEachTime) {
  const std::string id = make_trace_id();
  EXPECT_TRUE(id.starts_with("trace-"));
  EXPECT_EQ(id.size(), 22U);
  EXPECT_NE(id, make_trace_id());
}

TEST(ModelString, IsSplitAtItsFirstTwoSlashes) {
  const auto split = [](std::string_view model) {
    const ModelName name = PortkeyParams::parse_model_string(model);
    return name.provider + " | " + name.model;
  };
  EXPECT_EQ(split("portkey/openai/gpt-4o-mini"), "openai | gpt-4o-mini");
  EXPECT_EQ(split("portkey/openrouter/meta/llama-3.1"), "openrouter | meta/llama-3.1");
  EXPECT_EQ(split("portkey/@my-openai/gpt-4o"), "@my-openai | gpt-4o");
  EXPECT_EQ(split("portkey/gpt-4o"), " | gpt-4o");
  EXPECT_EQ(split("gpt-4o"), " | gpt-4o");
  EXPECT_EQ(split("meta/llama/x"), " | meta/llama/x");
}

TEST(ProviderKey, ComesFromTheProvidersVariable) {
  EXPECT_EQ(PortkeyParams::get_provider_api_key("acme"), "xxx");
  EXPECT_EQ(PortkeyParams::get_provider_api_key("acme", "none"), "none");
  const Variable second("ACME_KEY", "second");
  EXPECT_EQ(PortkeyParams::get_provider_api_key("acme"), "second");
  const Variable first("ACME_API_KEY", "first");
  EXPECT_EQ(PortkeyParams::get_provider_api_key("Acme"), "first");
  const Variable dashed("MISTRAL_AI_API_KEY", "m");
  EXPECT_EQ(PortkeyParams::get_provider_api_key("mistral-ai"), "m");
}

TEST(Dotenv, GivesWhatTheEnvironmentHasNot) {
  const std::filesystem::path file =
      std::filesystem::path(::testing::TempDir()) / "gatehouse_client_test.env";
  std::ofstream(file) << "GATEHOUSE_CLIENT_A=from-file\nexport GATEHOUSE_CLIENT_B='b c'\nno line\n";
  const Variable present("GATEHOUSE_CLIENT_A", "from-environment");
  const DotenvOutcome outcome = load_dotenv(file.string());
  std::filesystem::remove(file);
  EXPECT_EQ(outcome.names, 2);
  EXPECT_EQ(outcome.problems, file.string() + ":3: the line is no NAME=value and was passed over.");
  EXPECT_EQ(setting("GATEHOUSE_CLIENT_A"), "from-environment");
  EXPECT_EQ(setting("GATEHOUSE_CLIENT_B"), "b c");
}

TEST(Dotenv, AFileThatIsNotThereIsNamed) {
  try {
    load_dotenv("/nowhere/.env");
    FAIL() << "a file that does not exist was read";
  } catch (const ConfigurationError& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/.env"), std::string::npos);
  }
}

}  // namespace
}  // namespace gatehouse::client
