#include "providers/upstream_url.h"

#include <gtest/gtest.h>

#include <map>

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
  return url ? url->text() : url.error().message;
}

std::string chat_url_at(std::string_view id, std::string_view base_text) {
  const std::optional<BaseUrl> base = split_base_url(base_text);
  const Result<UpstreamUrl> url = endpoint_url(row(id), kChat, NoOptions{}, &*base);
  return url ? url->text() : url.error().message;
}

std::string proxied(std::string_view id, std::string_view path, std::string_view query = {}) {
  const Result<UpstreamUrl> url = proxy_url(row(id), {path, query}, NoOptions{});
  return url ? url->text() : url.error().message;
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
  const MapOptions options{{"azure-resource-name", "my-res"},
                           {"azure-deployment-id", "gpt 4o"},
                           {"azure-api-version", "2024-10-21"}};
  EXPECT_EQ(chat_url("azure-openai", options),
            "https://my-res.openai.azure.com/openai/deployments/gpt%204o/chat/completions"
            "?api-version=2024-10-21");
  const EndpointCall files{Capability::files, "/files/f1", "limit=3", {}};
  EXPECT_EQ(endpoint_url(row("azure-openai"), files, options)->target,
            "/openai/files/f1?api-version=2024-10-21&limit=3");
}

TEST(EndpointUrl, TakesAzuresVersionOneWithoutDeployment) {
  const MapOptions by_name{
      {"azure-resource-name", "r"}, {"azure-deployment-id", "d"}, {"azure-api-version", "v1"}};
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
