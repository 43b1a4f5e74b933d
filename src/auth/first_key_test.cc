#include "auth/first_key.h"

#include <gtest/gtest.h>

#include <vector>

namespace gatehouse::auth {
namespace {

/// Keeps keys, or refuses.
class FakeKeys final : public KeyStore {
 public:
  Result<std::vector<GatewayKey>> list() override {
    if (is_broken) return fail({ErrorCode::store, Origin::store, "broken", {}, {}, {}});
    return keys;
  }
  Result<std::optional<GatewayKey>> find(const KeyHash& /*hash*/) override {
    return std::optional<GatewayKey>{};
  }
  Result<void> add(const GatewayKey& key) override {
    keys.push_back(key);
    return {};
  }
  Result<void> revoke(std::string_view /*id*/, WallTime /*now*/) override { return {}; }
  Result<bool> changed() override { return false; }

  std::vector<GatewayKey> keys;
  bool is_broken = false;
};

class FirstKeyTest : public testing::Test {
 protected:
  FirstKey ensure(const std::optional<Secret>& from_env) {
    Result<FirstKey> first = ensure_first_key(store_, from_env, clock_);
    EXPECT_TRUE(first) << first.error()->message;
    return first ? std::move(*first) : FirstKey{};
  }

  FakeKeys store_;
  FakeClock clock_;
};

TEST_F(FirstKeyTest, IsMadeForANewFolderAndMayDoEverything) {
  const FirstKey first = ensure(std::nullopt);
  EXPECT_EQ(first.outcome, FirstKey::Outcome::generated);
  ASSERT_TRUE(first.text);
  ASSERT_EQ(store_.keys.size(), 1U);
  EXPECT_EQ(store_.keys[0].hash, hash_key(first.text->reveal()));
  EXPECT_EQ(store_.keys[0].scopes, exchange::ScopeSet::all());
  EXPECT_EQ(store_.keys[0].source, KeySource::first);
}

TEST_F(FirstKeyTest, IsMadeOnlyOnce) {
  ensure(std::nullopt);
  const FirstKey second = ensure(std::nullopt);
  EXPECT_EQ(second.outcome, FirstKey::Outcome::existed);
  EXPECT_FALSE(second.text);
  EXPECT_EQ(store_.keys.size(), 1U);
}

TEST_F(FirstKeyTest, IsTheEnvironmentsIfThereIsOne) {
  const FirstKey first = ensure(Secret("chosen-by-me"));
  EXPECT_EQ(first.outcome, FirstKey::Outcome::from_environment);
  EXPECT_FALSE(first.text);
  ASSERT_EQ(store_.keys.size(), 1U);
  EXPECT_EQ(store_.keys[0].hash, hash_key("chosen-by-me"));
  EXPECT_EQ(ensure(Secret("chosen-by-me")).outcome, FirstKey::Outcome::existed);
}

TEST_F(FirstKeyTest, OfAnOldFolderIsNotReplacedByTheEnvironments) {
  ensure(std::nullopt);
  EXPECT_EQ(ensure(Secret("chosen-later")).outcome, FirstKey::Outcome::existed_env_other);
  EXPECT_EQ(store_.keys.size(), 1U);
}

TEST_F(FirstKeyTest, OfTheEnvironmentMustFitIntoAHeader) {
  const Result<FirstKey> first = ensure_first_key(store_, Secret("two words"), clock_);
  ASSERT_FALSE(first);
  EXPECT_NE(first.error()->message.find("GATEHOUSE_ADMIN_KEY"), std::string::npos);
  EXPECT_EQ(first.error()->message.find("two words"), std::string::npos);
  EXPECT_TRUE(store_.keys.empty());
}

TEST_F(FirstKeyTest, IsNotMadeWhenTheKeysCannotBeRead) {
  store_.is_broken = true;
  EXPECT_FALSE(ensure_first_key(store_, std::nullopt, clock_));
  EXPECT_TRUE(store_.keys.empty());
}

}  // namespace
}  // namespace gatehouse::auth
