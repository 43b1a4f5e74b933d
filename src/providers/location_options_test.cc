#include "providers/location_options.h"

#include <gtest/gtest.h>

namespace gatehouse::providers {
namespace {

TEST(LocationOptionsTest, NameBaseUrlsAndPlaceholdersOfHosts) {
  const std::set<std::string_view> options = location_options(ProviderTable());
  for (const char* each : {"azure-foundry-url", "databricks-workspace", "huggingface-base-url",
                           "azure-resource-name", "aws-region", "vertex-region"}) {
    EXPECT_TRUE(options.contains(each)) << each;
  }
}

TEST(LocationOptionsTest, LeaveOutWhatStandsInPathsAndFields) {
  const std::set<std::string_view> options = location_options(ProviderTable());
  for (const char* each : {"azure-deployment-id", "azure-api-version", "anthropic-version",
                           "openai-organization", "workers-ai-account-id"}) {
    EXPECT_FALSE(options.contains(each)) << each;
  }
}

TEST(LocationOptionsTest, HoldThoseOfTheOperatorsRows) {
  ProviderEntry entry;
  entry.id = "mine";
  entry.base_url = "https://{my-tenant}.example.com/{my-path}";
  const Result<ProviderTable> table = ProviderTable::with({entry});
  ASSERT_TRUE(table) << table.error()->message;
  EXPECT_TRUE(location_options(*table).contains("my-tenant"));
  EXPECT_FALSE(location_options(*table).contains("my-path"));
}

TEST(LocationOptionsTest, APassedThroughPathMayNameAHost) {
  const ProviderTable table;
  EXPECT_TRUE(path_names_host(table, "/v1/proxy/me.openai.azure.com/openai/models"));
  EXPECT_TRUE(path_names_host(table, "/v1/me.openai.azure.com"));
  EXPECT_FALSE(path_names_host(table, "/v1/models"));
  EXPECT_FALSE(path_names_host(table, "/v1/files/me.openai.azure.com"));
}

}  // namespace
}  // namespace gatehouse::providers
