#include "providers/upstream_url.h"

#include <gtest/gtest.h>

#include <map>

#include "providers/model_family.h"
#include "providers/provider_rows.h"

namespace gatehouse::providers {
namespace {

class MapOptions final : public Options {
 public:
  MapOptions(std::initializer_list<std::pair<const std::string, std::string>> list)
      : values_(list) {}
  std::string_view find(std::string_view name) const override {
    const auto found = values_.find(std::string(name));
    return found == values_.end() ? std::string_view{} : found->second;
  }

 private:
  std::map<std::string, std::string> values_;
};

const ProviderRow& row(std::string_view id) { return *find_builtin(id); }

constexpr EndpointCall kChat{Capability::chat, "/chat/completions", {}, "m"};

std::string chat_url(std::string_view id, const Options& options = NoOptions{}) {
  const Result<UpstreamUrl> url = endpoint_url(row(id), kChat, options);
  return url ? url->text() : url.error()->message;
}

std::string chat_url_at(std::string_view id, std::string_view base_text) {
  const std::optional<BaseUrl> base = split_base_url(base_text);
  const Result<UpstreamUrl> url = endpoint_url(row(id), kChat, NoOptions{}, &*base);
  return url ? url->text() : url.error()->message;
}

std::string proxied(std::string_view id, std::string_view path, std::string_view query = {}) {
  const Result<UpstreamUrl> url = proxy_url(row(id), {path, query}, NoOptions{});
  return url ? url->text() : url.error()->message;
}

TEST(EndpointUrl, PutsTheOpenAiPathBehindTheBase) {
  EXPECT_EQ(chat_url("openai"), "https://api.openai.com/v1/chat/completions");
  EXPECT_EQ(chat_url("groq"), "https://api.groq.com/openai/v1/chat/completions");
  EXPECT_EQ(chat_url("perplexity"), "https://api.perplexity.ai/chat/completions");
  EXPECT_EQ(chat_url("zhipu"), "https://open.bigmodel.cn/api/paas/v4/chat/completions");
}

TEST(EndpointUrl, GivesThePartsThatAConnectionNeeds) {
  const Result<UpstreamUrl> url = endpoint_url(row("ollama"), kChat, NoOptions{});
  ASSERT_TRUE(url.has_value());
  EXPECT_FALSE(url->is_tls());
  EXPECT_EQ(url->host, "localhost");
  EXPECT_EQ(url->port, 11434);
  EXPECT_EQ(url->target, "/v1/chat/completions");
  EXPECT_EQ(url->authority(), "localhost:11434");
}

TEST(EndpointUrl, KeepsTailAndQueryOfTheClient) {
  const EndpointCall call{Capability::files, "/files/file-1/content", "after=x&limit=2", {}};
  EXPECT_EQ(endpoint_url(row("openai"), call, NoOptions{})->text(),
            "https://api.openai.com/v1/files/file-1/content?after=x&limit=2");
}

TEST(EndpointUrl, FollowsTheRowsOwnPaths) {
  const EndpointCall complete{Capability::complete, "/completions", {}, "m"};
  EXPECT_EQ(endpoint_url(row("deepseek"), complete, NoOptions{})->target, "/beta/completions");
  EXPECT_EQ(endpoint_url(row("mistral"), complete, NoOptions{})->target, "/v1/fim/completions");
  EXPECT_EQ(chat_url("deepseek"), "https://api.deepseek.com/chat/completions");
}

TEST(EndpointUrl, FillsAzureDeploymentsWithTheirApiVersion) {
  const MapOptions options{{"azure-resource-name", "my-res"}, {"azure-api-version", "2024-10-21"}};
  const EndpointCall chat{Capability::chat, "/chat/completions", {}, "gpt 4o"};
  EXPECT_EQ(endpoint_url(row("azure-openai"), chat, options)->text(),
            "https://my-res.openai.azure.com/openai/deployments/gpt%204o/chat/completions"
            "?api-version=2024-10-21");
  const EndpointCall files{Capability::files, "/files/f1", "limit=3", {}};
  EXPECT_EQ(endpoint_url(row("azure-openai"), files, options)->target,
            "/openai/files/f1?api-version=2024-10-21&limit=3");
}

TEST(EndpointUrl, TakesAzuresVersionOneWithoutDeployment) {
  const MapOptions by_name{{"azure-resource-name", "r"}, {"azure-api-version", "v1"}};
  EXPECT_EQ(chat_url("azure-openai", by_name),
            "https://r.openai.azure.com/openai/v1/chat/completions");
  const MapOptions unsaid{{"azure-resource-name", "r"}};
  EXPECT_EQ(chat_url("azure-openai", unsaid),
            "https://r.openai.azure.com/openai/v1/chat/completions");
}

TEST(EndpointUrl, NamesTheHeaderThatIsMissing) {
  EXPECT_EQ(
      chat_url("azure-openai"),
      "Provider 'azure-openai' needs the header x-portkey-azure-resource-name (`resource_name` "
      "in a config).");
  EXPECT_NE(chat_url("workers-ai").find("x-portkey-workers-ai-account-id"), std::string::npos);
  EXPECT_NE(chat_url("cortex").find("x-portkey-snowflake-account"), std::string::npos);
}

TEST(EndpointUrl, FillsAccountsAndRegions) {
  EXPECT_EQ(chat_url("workers-ai", MapOptions{{"workers-ai-account-id", "abc"}}),
            "https://api.cloudflare.com/client/v4/accounts/abc/ai/v1/chat/completions");
  EXPECT_EQ(
      chat_url("cortex", MapOptions{{"snowflake-account", "xy12345.eu-central-1"}}),
      "https://xy12345.eu-central-1.snowflakecomputing.com/api/v2/cortex/v1/chat/completions");
  EXPECT_EQ(chat_url("bedrock-mantle"),
            "https://bedrock-mantle.us-east-1.api.aws/v1/chat/completions");
  EXPECT_EQ(chat_url("bedrock-mantle", MapOptions{{"aws-region", "eu-west-1"}}),
            "https://bedrock-mantle.eu-west-1.api.aws/v1/chat/completions");
}

TEST(EndpointUrl, LetsNoOptionNameAnotherHost) {
  for (const char* value : {"evil.com/", "evil.com#", "evil.com?", "a@b", "evil.com:1", "..",
                            "a..b", ".a", "a.", "a b", "\xC3\xA4", "a%2e"}) {
    const std::string url = chat_url("azure-openai", MapOptions{{"azure-resource-name", value}});
    EXPECT_NE(url.find("may not stand there"), std::string::npos) << url;
  }
}

TEST(EndpointUrl, LetsNoOptionLeaveItsPathSegment) {
  EXPECT_EQ(
      chat_url("workers-ai", MapOptions{{"workers-ai-account-id", "../../x?y#z"}}),
      "https://api.cloudflare.com/client/v4/accounts/..%2F..%2Fx%3Fy%23z/ai/v1/chat/completions");
  EXPECT_NE(chat_url("workers-ai", MapOptions{{"workers-ai-account-id", ".."}})
                .find("may not stand there"),
            std::string::npos);
}

TEST(EndpointUrl, TakesACustomHostInsteadOfTheRows) {
  EXPECT_EQ(chat_url_at("openai", "http://127.0.0.1:9999/v1"),
            "http://127.0.0.1:9999/v1/chat/completions");
  EXPECT_EQ(chat_url_at("openai", "http://[::1]:9999/x/"), "http://[::1]:9999/x/chat/completions");
  EXPECT_EQ(chat_url_at("modal", "https://me--app.modal.run/v1"),
            "https://me--app.modal.run/v1/chat/completions");
}

TEST(EndpointUrl, DoesNotRepeatTheVersionOfACustomHost) {
  EXPECT_EQ(chat_url_at("ollama", "http://gpu:11434"), "http://gpu:11434/v1/chat/completions");
  EXPECT_EQ(chat_url_at("ollama", "http://gpu:11434/v1"), "http://gpu:11434/v1/chat/completions");
}

TEST(EndpointUrl, PutsTheModelIntoThePathWhereItBelongs) {
  const MapOptions options{{"predibase-tenant", "acme"}};
  const EndpointCall call{Capability::chat, "/chat/completions", {}, "org/llama"};
  EXPECT_EQ(
      endpoint_url(row("predibase"), call, options)->text(),
      "https://serving.app.predibase.com/acme/deployments/v2/llms/org%2Fllama/v1/chat/completions");
}

constexpr EndpointCall kVertexChat{Capability::chat, "/publishers/google/models/g:generateContent",
                                   "alt=sse", "g"};

TEST(EndpointUrl, PutsAProjectAndARegionBeforeVertexModels) {
  const MapOptions options{{"vertex-project-id", "p1"}, {"vertex-region", "europe-west4"}};
  EXPECT_EQ(endpoint_url(row("vertex-ai"), kVertexChat, options)->text(),
            "https://europe-west4-aiplatform.googleapis.com/v1/projects/p1/locations/europe-west4"
            "/publishers/google/models/g:generateContent?alt=sse");
}

TEST(EndpointUrl, KnowsAnotherAddressForOneValueOfAnOption) {
  const MapOptions options{{"vertex-project-id", "p1"}, {"vertex-region", "global"}};
  EXPECT_EQ(endpoint_url(row("vertex-ai"), kVertexChat, options)->host,
            "aiplatform.googleapis.com");
}

TEST(EndpointUrl, RefusesWhenEveryPathLacksAnOption) {
  const Result<UpstreamUrl> url = endpoint_url(row("vertex-ai"), kVertexChat, NoOptions{});
  ASSERT_FALSE(url.has_value());
  EXPECT_NE(url.error()->message.find("x-portkey-vertex-project-id"), std::string::npos);
  EXPECT_NE(chat_url("predibase").find("x-portkey-predibase-tenant"), std::string::npos);
}

struct FamilyCase {
  std::string_view provider;
  std::string_view model;
  Capability capability;
  std::string_view upstream_model;
  std::string_view dialect;  // empty: the row's own way
};

TEST(ModelFamily, IsToldByTheNameOfTheModel) {
  constexpr FamilyCase kCases[] = {
      {"vertex-ai", "anthropic.claude-sonnet-4@x", Capability::chat, "claude-sonnet-4@x",
       "anthropic_messages"},
      {"vertex-ai", "claude-sonnet-4", Capability::chat, "claude-sonnet-4", "anthropic_messages"},
      {"vertex-ai", "meta.llama-4", Capability::chat, "meta/llama-4", "openai_chat"},
      {"vertex-ai", "mistralai.mistral-large", Capability::chat, "mistral-large", "openai_chat"},
      {"vertex-ai", "endpoints.123", Capability::chat, "123", "openai_chat"},
      {"vertex-ai", "google.gemini-2.5-pro", Capability::chat, "gemini-2.5-pro", "gemini"},
      {"vertex-ai", "gemini-2.5-pro", Capability::chat, "", ""},
      {"bedrock", "us.anthropic.claude-v1:0", Capability::messages, "us.anthropic.claude-v1:0",
       "anthropic_messages"},
      {"bedrock", "us.anthropic.claude-v1:0", Capability::chat, "", ""},
      {"bedrock", "amazon.nova-pro-v1:0", Capability::messages, "", ""},
  };
  for (const FamilyCase& one : kCases) {
    const ModelFamily* family = family_of(row(one.provider), {one.capability, one.model, {}});
    ASSERT_EQ(family == nullptr, one.dialect.empty()) << one.model;
    if (family == nullptr) continue;
    EXPECT_EQ(model_within(*family, one.model), one.upstream_model);
    EXPECT_EQ(llm::name_of(family->dialect), one.dialect);
  }
}

TEST(ModelFamily, IsToldByTheAddressThatAnOperatorNames) {
  EXPECT_EQ(family_of(row("azure-ai"), {Capability::chat, "claude", "https://r/models"}), nullptr);
  const ModelFamily* family =
      family_of(row("azure-ai"), {Capability::chat, "claude", "https://r/anthropic"});
  ASSERT_NE(family, nullptr);
  const std::optional<BaseUrl> base = split_base_url("https://r.services.ai.azure.com/anthropic");
  const EndpointCall call{Capability::chat, "/messages", {}, "claude", family};
  EXPECT_EQ(endpoint_url(row("azure-ai"), call, NoOptions{}, &*base)->text(),
            "https://r.services.ai.azure.com/anthropic/v1/messages");
}

TEST(ModelFamily, MayHaveAnotherPathForStreams) {
  const MapOptions options{{"vertex-project-id", "p"}, {"vertex-region", "us-east5"}};
  const ModelFamily* family =
      family_of(row("vertex-ai"), {Capability::chat, "mistralai.large", {}});
  EndpointCall call{Capability::chat, "/chat/completions", {}, "large", family};
  EXPECT_TRUE(endpoint_url(row("vertex-ai"), call, options)->target.ends_with("/large:rawPredict"));
  call.delivery = Delivery::streamed;
  EXPECT_TRUE(
      endpoint_url(row("vertex-ai"), call, options)->target.ends_with("/large:streamRawPredict"));
}

TEST(ProxyUrl, TakesTheGatewaysPrefixAwayOnce) {
  EXPECT_EQ(proxied("openai", "/v1/vector_stores", "limit=1"),
            "https://api.openai.com/v1/vector_stores?limit=1");
  EXPECT_EQ(proxied("openai", "/v1/proxy/vector_stores"),
            "https://api.openai.com/v1/vector_stores");
  EXPECT_EQ(proxied("ollama", "/v1/api/chat"), "http://localhost:11434/api/chat");
  EXPECT_EQ(proxied("openai", "/v1/proxyfoo"), "https://api.openai.com/v1/proxyfoo");
  EXPECT_EQ(proxied("ollama", "/v1/proxy"), "http://localhost:11434/");
}

TEST(ProxyUrl, CollapsesADoubledVersion) {
  EXPECT_EQ(proxied("anthropic", "/v1/v1/messages"), "https://api.anthropic.com/v1/messages");
  EXPECT_EQ(proxied("anthropic", "/v1/proxy/v1/messages"), "https://api.anthropic.com/v1/messages");
}

TEST(ProxyUrl, TakesAnAzureHostOutOfThePath) {
  EXPECT_EQ(proxied("azure-openai", "/v1/proxy/my-res.openai.azure.com/openai/deployments/d/x",
                    "api-version=1"),
            "https://my-res.openai.azure.com/openai/deployments/d/x?api-version=1");
  EXPECT_NE(
      proxied("azure-openai", "/v1/proxy/evil.com/x.openai.azure.com").find("needs the header"),
      std::string::npos);
  EXPECT_EQ(proxied("openai", "/v1/proxy/my-res.openai.azure.com/x"),
            "https://api.openai.com/v1/my-res.openai.azure.com/x");
}

TEST(RequestedBase, GivesTheUrlThatARequestNames) {
  const MapOptions foundry{{"azure-foundry-url", "https://r.services.ai.azure.com/models"}};
  EXPECT_EQ(requested_base(row("azure-ai"), foundry), "https://r.services.ai.azure.com/models");
  const MapOptions workspace{{"databricks-workspace", "dbc-1.cloud.databricks.com"}};
  EXPECT_EQ(requested_base(row("databricks"), workspace),
            "https://dbc-1.cloud.databricks.com/serving-endpoints");
  EXPECT_EQ(requested_base(row("openai"), foundry), "");
  EXPECT_EQ(requested_base(row("azure-ai"), NoOptions{}), "");
}

TEST(ConfigField, IsTheSnakeCaseOfTheOptionButForPortkeysExceptions) {
  EXPECT_EQ(config_field_of("workers-ai-account-id"), "workers_ai_account_id");
  EXPECT_EQ(config_field_of("azure-resource-name"), "resource_name");
}

}  // namespace
}  // namespace gatehouse::providers
