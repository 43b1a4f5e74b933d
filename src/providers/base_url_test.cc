#include "providers/base_url.h"

#include <gtest/gtest.h>

namespace gatehouse::providers {
namespace {

TEST(SplitBaseUrl, TakesAUrlApart) {
  const std::optional<BaseUrl> url = split_base_url("https://api.groq.com/openai/v1");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->scheme, Scheme::https);
  EXPECT_EQ(url->host, "api.groq.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->path, "/openai/v1");
}

TEST(SplitBaseUrl, KnowsPortsAndBothSchemes) {
  EXPECT_EQ(split_base_url("http://localhost")->port, 80);
  EXPECT_EQ(split_base_url("http://localhost:11434")->port, 11434);
  EXPECT_EQ(split_base_url("HTTPS://Example.com:8443/v1")->port, 8443);
  EXPECT_EQ(split_base_url("HTTPS://Example.com:8443/v1")->scheme, Scheme::https);
}

TEST(SplitBaseUrl, TakesIpv6InBrackets) {
  const std::optional<BaseUrl> url = split_base_url("http://[::1]:8080/v1");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(split_base_url("http://[fe80::1]")->port, 80);
}

TEST(SplitBaseUrl, DropsSlashesAtTheEnd) {
  EXPECT_EQ(split_base_url("https://example.com/v1//")->path, "/v1");
  EXPECT_EQ(split_base_url("https://example.com/")->path, "");
}

TEST(SplitBaseUrl, KeepsPlaceholders) {
  const std::optional<BaseUrl> url = split_base_url("https://{account}.example.com/{project}/v1");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->host, "{account}.example.com");
  EXPECT_EQ(url->path, "/{project}/v1");
}

TEST(SplitBaseUrl, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "example.com", "ftp://example.com", "https://", "https:///v1",
        "https://user@example.com", "https://example.com:0", "https://example.com:65536",
        "https://example.com:8x", "https://example.com:", "https://example.com/v1?x=1",
        "https://example.com/#a", "https://exa mple.com", "https://[::1", "https://[::1]x",
        "https://example.com/a b"}) {
    EXPECT_FALSE(split_base_url(text).has_value()) << text;
  }
}

TEST(BaseUrl, OfATableIsSplitWhenCompiled) {
  static constexpr BaseUrl kBase = "https://api.openai.com/v1";
  static_assert(kBase.host == "api.openai.com");
  EXPECT_FALSE(kBase.is_empty());
  EXPECT_TRUE(BaseUrl{}.is_empty());
}

}  // namespace
}  // namespace gatehouse::providers
