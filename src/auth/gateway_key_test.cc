#include "auth/gateway_key.h"

#include <gtest/gtest.h>

#include <set>

namespace gatehouse::auth {
namespace {

const WallTime kNow{std::chrono::seconds(1'700'000'000)};

TEST(GatewayKey, HasThePrefixAndFortyLettersOrDigits) {
  const Result<NewKey> made = make_key({"laptop", {}, {}, {}}, kNow);
  ASSERT_TRUE(made);
  const std::string text(made->text.reveal());
  EXPECT_EQ(text.size(), 43U);
  EXPECT_TRUE(text.starts_with("gh-"));
  EXPECT_TRUE(looks_like_gateway_key(text));
  EXPECT_EQ(made->key.name, "laptop");
  EXPECT_EQ(made->key.created, kNow);
  EXPECT_EQ(made->key.hash, hash_key(text));
  EXPECT_EQ(made->key.hint, text.substr(39));
}

TEST(GatewayKey, IsNeverTheSameTwice) {
  std::set<std::string> texts;
  std::set<std::string> ids;
  for (int i = 0; i < 200; ++i) {
    const Result<NewKey> made = make_key({"k", {}, {}, {}}, kNow);
    ASSERT_TRUE(made);
    texts.emplace(made->text.reveal());
    ids.insert(made->key.id);
  }
  EXPECT_EQ(texts.size(), 200U);
  EXPECT_EQ(ids.size(), 200U);
}

TEST(GatewayKey, IsHashedWithSha256) {
  const KeyHash hash = hash_key("abc");  // FIPS 180-4, example
  EXPECT_EQ(hash[0], 0xBA);
  EXPECT_EQ(hash[1], 0x78);
  EXPECT_EQ(hash[31], 0xAD);
}

TEST(GatewayKey, OfTheOperatorMayHaveAnyShapeThatAHeaderCarries) {
  const Result<GatewayKey> adopted = adopt_key(Secret("my-own-key"), {"mine", {}, {}, {}}, kNow);
  ASSERT_TRUE(adopted);
  EXPECT_EQ(adopted->hash, hash_key("my-own-key"));
  EXPECT_EQ(adopted->hint, "") << "four of ten characters would be too many";
  for (const char* bad : {"", "two words", "line\nbreak", "ключ"}) {
    const Result<GatewayKey> refused = adopt_key(Secret(bad), {"mine", {}, {}, {}}, kNow);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->code, ErrorCode::invalid_config);
    if (*bad != '\0') {
      EXPECT_EQ(refused.error()->message.find(bad), std::string::npos);
    }
  }
}

TEST(GatewayKey, OthersDoNotLookLikeOurs) {
  for (const char* text :
       {"", "gh-", "ghp_1234567890123456789012345678901234567890",
        "sk-1234567890123456789012345678901234567890", "gh-123456789012345678901234567890123456789",
        "gh-12345678901234567890123456789012345678901",
        "gh-123456789012345678901234567890123456789_"}) {
    EXPECT_FALSE(looks_like_gateway_key(text)) << text;
  }
}

TEST(Scopes, AreWrittenAndReadByName) {
  using exchange::Scope;
  const exchange::ScopeSet some{Scope::completions_write, Scope::logs_view};
  EXPECT_EQ(format_scopes(some), "completions.write,logs.view");
  EXPECT_EQ(parse_scopes("logs.view, completions.write"), some);
  EXPECT_EQ(parse_scopes(all_scope_names()), exchange::ScopeSet::all());
  EXPECT_EQ(parse_scopes("unknown,admin"), exchange::ScopeSet{Scope::admin});
  EXPECT_FALSE(scope_named("logs"));
}

}  // namespace
}  // namespace gatehouse::auth
