#include "providers/provider_rows.h"

#include <gtest/gtest.h>

#include <set>

#include "providers/provider_table.h"
#include "providers/signers/signer.h"
#include "providers/upstream_url.h"

namespace gatehouse::providers {
namespace {

/// Gives every option the same value: enough to fill any placeholder.
class AnyOption final : public Options {
 public:
  std::string_view find(std::string_view) const override { return "x1"; }
};

bool is_reachable_by_default(const ProviderRow& row) {
  return row.reach == Reach::network && !row.base.is_empty();
}

TEST(ProviderRows, HoldEveryProviderThatIsKnown) {
  EXPECT_EQ(builtin_rows().size(), 135U);
  EXPECT_TRUE(std::is_sorted(builtin_rows().begin(), builtin_rows().end(),
                             [](const auto& a, const auto& b) { return a.id < b.id; }));
}

TEST(ProviderRows, AreFoundByIdAndByEveryAlias) {
  for (const ProviderRow& row : builtin_rows()) {
    EXPECT_EQ(find_builtin(row.id), &row);
    for (const std::string_view alias : row.aliases) EXPECT_EQ(find_builtin(alias), &row) << alias;
  }
  EXPECT_EQ(find_builtin("no-such-provider"), nullptr);
  EXPECT_EQ(find_builtin(""), nullptr);
}

TEST(ProviderRows, KnowTheNamesThatClientsUse) {
  const std::pair<std::string_view, std::string_view> kPairs[] = {{"gemini", "google"},
                                                                  {"mistral", "mistral-ai"},
                                                                  {"together", "together-ai"},
                                                                  {"perplexity", "perplexity-ai"},
                                                                  {"fireworks", "fireworks-ai"},
                                                                  {"xai", "x-ai"},
                                                                  {"grok", "x-ai"},
                                                                  {"azure", "azure-openai"},
                                                                  {"vertexai", "vertex-ai"},
                                                                  {"aws", "bedrock"},
                                                                  {"meta", "meta-llama"},
                                                                  {"custom", "openai-compatible"}};
  for (const auto& [alias, id] : kPairs) {
    ASSERT_NE(find_builtin(alias), nullptr) << alias;
    EXPECT_EQ(find_builtin(alias)->id, id);
  }
}

TEST(ProviderRows, LeadEachOpenAiRowToAChatUrl) {
  const AnyOption options;
  for (const ProviderRow& row : builtin_rows()) {
    if (!is_reachable_by_default(row)) continue;
    const EndpointCall call{Capability::chat, "/chat/completions", {}, "m"};
    const Result<UpstreamUrl> url = endpoint_url(row, call, options);
    ASSERT_TRUE(url.has_value()) << row.id << ": " << url.error()->message;
    EXPECT_TRUE(url->target.starts_with('/')) << row.id;
    EXPECT_EQ(url->text().find('{'), std::string::npos) << url->text();
    EXPECT_EQ(url->target.find("/v1/v1"), std::string::npos) << url->text();
    const bool is_local = url->host == "localhost";
    EXPECT_EQ(url->is_tls(), !is_local) << url->text();
  }
}

TEST(ProviderRows, WithoutAnAddressSayHowToGiveOne) {
  const NoOptions options;
  int without = 0;
  for (const ProviderRow& row : builtin_rows()) {
    if (row.reach == Reach::in_process || !row.base.is_empty()) continue;
    ++without;
    const Result<UpstreamUrl> url = endpoint_url(row, {}, options);
    ASSERT_FALSE(url.has_value()) << row.id;
    EXPECT_NE(url.error()->message.find("x-portkey-custom-host"), std::string::npos);
  }
  EXPECT_EQ(without, 9);
}

TEST(ProviderRows, PutTheKeyIntoExactlyOneField) {
  const NoOptions none;
  for (const ProviderRow& row : builtin_rows()) {
    const Result<const Signer*> signer = signer_of(row);
    if (!signer) continue;
    http::FieldLines fields;
    const Secret key("k3y");
    const UpstreamUrl url;
    const SignInput input{row, key, none, "POST", url, {}};
    ASSERT_TRUE((*signer)->sign(input, nullptr, fields).has_value()) << row.id;
    const bool is_unsigned = row.signer == SignerId::none;
    const std::string_view text = fields.text();
    EXPECT_EQ(text.find("k3y") == std::string_view::npos, is_unsigned) << row.id;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), is_unsigned ? 0 : 1) << text;
  }
}

TEST(ProviderRows, NameAVariableForEveryKeyThatIsNeeded) {
  for (const ProviderRow& row : builtin_rows()) {
    if (row.key == KeyNeed::required && credential_options(row.signer).empty() &&
        row.signer != SignerId::oci_signature) {
      EXPECT_FALSE(row.env.is_empty()) << row.id;
    }
  }
}

TEST(ProviderRows, SendNoKeyOfAHostedServiceToALocalServer) {
  std::set<std::string_view> hosted;
  for (const ProviderRow& row : builtin_rows()) {
    if (row.key == KeyNeed::required) hosted.insert(row.env.begin(), row.env.end());
  }
  for (const ProviderRow& row : builtin_rows()) {
    if (row.base.host != "localhost") continue;
    for (const std::string_view variable : row.env) EXPECT_EQ(hosted.count(variable), 0U) << row.id;
  }
}

TEST(ProviderRows, KeepTheRoleDeveloperOnlyWhereOpenAiModelsAreServed) {
  EXPECT_EQ(find_builtin("openai")->quirks.developer_role, llm::DeveloperRole::kept);
  EXPECT_EQ(find_builtin("azure")->quirks.developer_role, llm::DeveloperRole::kept);
  EXPECT_EQ(find_builtin("groq")->quirks.developer_role, llm::DeveloperRole::becomes_system);
}

}  // namespace
}  // namespace gatehouse::providers
