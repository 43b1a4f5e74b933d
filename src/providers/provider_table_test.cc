#include "providers/provider_table.h"

#include <gtest/gtest.h>

#include "providers/provider_rows.h"
#include "providers/upstream_url.h"

namespace gatehouse::providers {
namespace {

ProviderEntry entry(std::string id, std::string base_url) {
  ProviderEntry made;
  made.id = std::move(id);
  made.base_url = std::move(base_url);
  return made;
}

std::string error_of(const ProviderEntry& bad) {
  const Result<ProviderTable> table = ProviderTable::with({bad});
  if (table) return "no error";
  EXPECT_EQ(table.error()->code, ErrorCode::invalid_config);
  return table.error()->message;
}

TEST(ProviderTable, KnowsTheBuiltInRowsWithoutAnyEntry) {
  const ProviderTable table;
  EXPECT_EQ(table.find("openai"), find_builtin("openai"));
  EXPECT_EQ(table.find("Gemini"), find_builtin("google"));
  EXPECT_EQ(table.find("nobody"), nullptr);
  EXPECT_EQ(table.rows().size(), builtin_rows().size());
}

TEST(ProviderTable, MakesARowOfItsOwnFromABaseUrlAlone) {
  const ProviderTable table = ProviderTable::with({entry("My-GPU", "http://gpu:8000/v1")}).value();
  const ProviderRow* row = table.find("my-gpu");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->dialect, DialectId::openai_chat);
  EXPECT_EQ(row->signer, SignerId::bearer);
  EXPECT_EQ(row->key, KeyNeed::optional);
  EXPECT_TRUE(row->can.has(Capability::rerank));
  const EndpointCall call{Capability::embed, "/embeddings", {}, {}};
  EXPECT_EQ(endpoint_url(*row, call, NoOptions{})->text(), "http://gpu:8000/v1/embeddings");
  EXPECT_EQ(table.rows().size(), builtin_rows().size() + 1);
}

TEST(ProviderTable, ChangesABuiltInRowAndKeepsTheRest) {
  const ProviderTable table =
      ProviderTable::with({entry("mistral", "https://proxy.example.com/mistral/v1")}).value();
  const ProviderRow* row = table.find("mistral-ai");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row, table.find("mistral"));
  EXPECT_EQ(row->base.host, "proxy.example.com");
  EXPECT_EQ(row->env[0], "MISTRAL_API_KEY");
  EXPECT_EQ(row->quirks.values.size(), 1U);
  EXPECT_EQ(table.rows().size(), builtin_rows().size());
}

TEST(ProviderTable, ReadsEveryFieldOfAnEntry) {
  ProviderEntry full = entry("corp", "https://llm.corp.example/api");
  full.name = "Corp LLM";
  full.dialect = "anthropic_messages";
  full.auth = "X-Corp-Key: Token {key}";
  full.aliases = {"Company"};
  full.env = {"CORP_KEY"};
  full.headers = {{"x-team", "search"}};
  full.drop = {"user"};
  full.drop_in_messages = {"name"};
  full.rename = {{"max_completion_tokens", "max_tokens"}};
  full.defaults = {{"safe", "true"}};
  full.developer_role = "kept";
  full.stream_usage = "unasked";
  const ProviderTable table = ProviderTable::with({full}).value();
  const ProviderRow* row = table.find("company");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->name, "Corp LLM");
  EXPECT_EQ(row->dialect, DialectId::anthropic_messages);
  EXPECT_EQ(row->signer, SignerId::api_key_header);
  EXPECT_EQ(row->auth, "X-Corp-Key: Token {key}");
  EXPECT_EQ(row->env[0], "CORP_KEY");
  EXPECT_EQ(row->headers[0].value, "search");
  EXPECT_EQ(row->quirks.drop[0], "user");
  EXPECT_EQ(row->quirks.drop_in_messages[0], "name");
  EXPECT_EQ(row->quirks.rename[0].to, "max_tokens");
  EXPECT_EQ(row->quirks.defaults[0].value, "true");
  EXPECT_EQ(row->quirks.developer_role, llm::DeveloperRole::kept);
  EXPECT_EQ(row->quirks.stream_usage, llm::StreamUsage::unasked);
}

TEST(ProviderTable, LetsARowGoWithoutAKey) {
  ProviderEntry open = entry("openai", "");
  open.auth = "none";
  const ProviderTable table = ProviderTable::with({open}).value();
  EXPECT_EQ(table.find("openai")->signer, SignerId::none);
  EXPECT_EQ(table.find("openai")->key, KeyNeed::optional);
}

TEST(ProviderTable, SurvivesBeingMoved) {
  ProviderTable made =
      ProviderTable::with({entry("a-provider-with-a-long-name", "http://gpu")}).value();
  const ProviderTable moved = std::move(made);
  EXPECT_EQ(moved.find("a-provider-with-a-long-name")->base.host, "gpu");
}

TEST(ProviderTable, SaysWhatIsWrongAndWhatIsAllowed) {
  EXPECT_EQ(error_of(entry("x", "gpu:8000")),
            "providers.x.base_url: \"gpu:8000\" is no base URL. Write it as "
            "https://host[:port][/path].");
  ProviderEntry bad = entry("x", "http://gpu");
  bad.dialect = "soap";
  EXPECT_NE(error_of(bad).find("\"soap\" is not one of: openai_chat, "), std::string::npos);
  bad = entry("x", "http://gpu");
  bad.auth = "key";
  EXPECT_NE(error_of(bad).find("providers.x.auth"), std::string::npos);
  bad = entry("x", "http://gpu");
  bad.headers = {{"bad name", "v"}};
  EXPECT_NE(error_of(bad).find("no name of a header field"), std::string::npos);
  bad = entry("x", "http://gpu");
  bad.drop = std::vector<std::string>(11, "p");
  EXPECT_EQ(error_of(bad), "providers.x.drop: at most 10 are possible.");
  EXPECT_NE(error_of(entry("a/b", "http://gpu")).find("without '/'"), std::string::npos);
}

TEST(ProviderTable, RefusesTwoOwnersOfOneName) {
  ProviderEntry second = entry("y", "http://b");
  second.aliases = {"x"};
  EXPECT_FALSE(ProviderTable::with({entry("x", "http://a"), second}).has_value());
}

TEST(ProviderTable, OffersNamesThatLookAlike) {
  const ProviderTable table;
  ASSERT_FALSE(table.near_names("opnai").empty());
  EXPECT_EQ(table.near_names("opnai")[0], "openai");
  EXPECT_EQ(table.near_names("Antropic")[0], "anthropic");
  EXPECT_EQ(table.near_names("fireworks_a")[0], "fireworks_ai");
  EXPECT_LE(table.near_names("a").size(), 3U);
  EXPECT_TRUE(table.near_names("completely-different-thing-here").empty());
}

}  // namespace
}  // namespace gatehouse::providers
