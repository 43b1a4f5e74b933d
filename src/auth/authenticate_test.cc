#include "auth/authenticate.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace gatehouse::auth {
namespace {

using exchange::Scope;

const WallTime kNow{std::chrono::seconds(1'700'000'000)};
constexpr const char* kUnknownOurs = "gh-0000000000000000000000000000000000000000";

class AuthenticateTest : public testing::Test {
 protected:
  AuthenticateTest() {
    std::vector<GatewayKey> keys;
    text_ = add(keys, {"laptop", {Scope::completions_write}, {}, {}});
    expired_ = add(keys, {"old", {}, kNow, {}});
    revoked_ = add(keys, {"lost", {}, {}, {}});
    keys.back().revoked = kNow - std::chrono::hours(1);
    keys.push_back(*adopt_key(Secret("operators-own"), {"config key", {}, {}, {}}, kNow));
    ring_ = KeyRing(std::move(keys));
  }

  static std::string add(std::vector<GatewayKey>& keys, KeyTerms terms) {
    Result<NewKey> made = make_key(std::move(terms), kNow - std::chrono::days(1));
    keys.push_back(made->key);
    return std::string(made->text.reveal());
  }

  Result<Identity> ask(const PresentedKeys& presented, const AuthRules& rules = {}) {
    principal_ = {};
    return authenticate({ring_, cache_}, presented, rules, kNow, principal_);
  }

  void expect_unauthorized(const Result<Identity>& result, std::string_view reason) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error()->code, ErrorCode::unauthorized);
    EXPECT_EQ(result.error()->origin, Origin::client);
    const std::string& message = result.error()->message;
    for (const std::string_view part :
         {std::string_view("Unauthorized"), std::string_view("x-portkey-api-key"),
          std::string_view("gatehouse keys create"), reason}) {
      EXPECT_NE(message.find(part), std::string::npos) << message;
    }
  }

  std::string text_;
  std::string expired_;
  std::string revoked_;
  KeyRing ring_;
  KeyCache cache_;
  exchange::Principal principal_;
};

const AuthRules kOptional{AuthMode::optional, {Scope::completions_write}};

TEST_F(AuthenticateTest, KnowsAKeyInItsOwnHeader) {
  const Result<Identity> identity = ask({.portkey_api_key = text_});
  ASSERT_TRUE(identity) << identity.error()->message;
  EXPECT_EQ(principal_.key_name, "laptop");
  EXPECT_FALSE(principal_.is_anonymous());
  EXPECT_EQ(principal_.scopes, exchange::ScopeSet{Scope::completions_write});
  EXPECT_FALSE(identity->is_authorization_ours || identity->is_x_api_key_ours);
}

TEST_F(AuthenticateTest, TheCredentialBesideTheKeyIsTheProviders) {
  const Result<Identity> identity =
      ask({.portkey_api_key = text_, .authorization = "Bearer sk-provider"});
  ASSERT_TRUE(identity);
  EXPECT_FALSE(identity->is_authorization_ours);
}

TEST_F(AuthenticateTest, AKeyInBothHeadersIsNoProviderCredential) {
  const Result<Identity> identity =
      ask({.portkey_api_key = text_, .authorization = "Bearer " + text_});
  ASSERT_TRUE(identity);
  EXPECT_TRUE(identity->is_authorization_ours);
}

TEST_F(AuthenticateTest, AnotherKnownKeyBesideItIsNeverForwardedEither) {
  const Result<Identity> identity = ask({.portkey_api_key = text_, .x_api_key = "operators-own"});
  ASSERT_TRUE(identity);
  EXPECT_EQ(principal_.key_name, "laptop");
  EXPECT_TRUE(identity->is_x_api_key_ours);
}

TEST_F(AuthenticateTest, AKnownKeyMayComeAsAuthorizationOrXApiKey) {
  for (const std::string& value : {"Bearer " + text_, "bearer  " + text_, text_}) {
    const Result<Identity> identity = ask({.authorization = value});
    ASSERT_TRUE(identity) << value;
    EXPECT_EQ(principal_.key_name, "laptop");
    EXPECT_TRUE(identity->is_authorization_ours);
  }
  const Result<Identity> identity = ask({.x_api_key = "operators-own"});
  ASSERT_TRUE(identity);
  EXPECT_EQ(principal_.key_name, "config key");
  EXPECT_TRUE(identity->is_x_api_key_ours);
}

TEST_F(AuthenticateTest, WithoutAKeyTheRequestIsRefusedAndToldWhatToSend) {
  expect_unauthorized(ask({}), "no gateway key was sent");
  expect_unauthorized(ask({.authorization = "Bearer sk-provider"}), "no gateway key was sent");
}

TEST_F(AuthenticateTest, UnknownExpiredAndRevokedKeysAreRefusedInEitherMode) {
  for (const AuthRules& rules : {AuthRules{}, kOptional}) {
    expect_unauthorized(ask({.portkey_api_key = "guess"}, rules), "not known");
    expect_unauthorized(ask({.portkey_api_key = expired_}, rules),
                        "'old' in `x-portkey-api-key` has expired");
    expect_unauthorized(ask({.portkey_api_key = revoked_}, rules), "'lost'");
    const std::string bearer = "Bearer " + revoked_;
    expect_unauthorized(ask({.authorization = bearer}, rules), "revoked");
    expect_unauthorized(ask({.authorization = kUnknownOurs}, rules), "not known");
  }
}

TEST_F(AuthenticateTest, ARefusalNeverRepeatsTheKey) {
  const Result<Identity> refused = ask({.portkey_api_key = "guess-0123456789"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error()->message.find("guess"), std::string::npos);
}

TEST_F(AuthenticateTest, WithoutAKeyTheRequestIsAnonymousWhereThatIsAllowed) {
  const Result<Identity> identity = ask({.authorization = "Bearer sk-provider"}, kOptional);
  ASSERT_TRUE(identity);
  EXPECT_TRUE(principal_.is_anonymous());
  EXPECT_TRUE(principal_.scopes.has(Scope::completions_write));
  EXPECT_FALSE(principal_.scopes.has(Scope::admin));
  EXPECT_FALSE(identity->is_authorization_ours);
}

TEST_F(AuthenticateTest, AnEmptyRingLetsNobodyIn) {
  ring_ = KeyRing();
  expect_unauthorized(ask({.portkey_api_key = text_}), "not known");
}

TEST_F(AuthenticateTest, ACachedKeyIsForgottenWithItsRing) {
  ASSERT_TRUE(ask({.portkey_api_key = text_}));
  ring_ = KeyRing();
  EXPECT_FALSE(ask({.portkey_api_key = text_}));
}

TEST_F(AuthenticateTest, ACachedUnknownTextIsLookedUpInANewRing) {
  EXPECT_FALSE(ask({.portkey_api_key = "added-later"}));
  ring_ = KeyRing({*adopt_key(Secret("added-later"), {"new", {}, {}, {}}, kNow)});
  EXPECT_TRUE(ask({.portkey_api_key = "added-later"}));
}

TEST_F(AuthenticateTest, ACachedKeyStillExpires) {
  std::vector<GatewayKey> keys;
  const std::string text = add(keys, {"short", {}, kNow + std::chrono::seconds(1), {}});
  ring_ = KeyRing(std::move(keys));
  ASSERT_TRUE(ask({.portkey_api_key = text}));
  EXPECT_FALSE(authenticate({ring_, cache_}, {.portkey_api_key = text}, {},
                            kNow + std::chrono::seconds(1), principal_));
}

TEST_F(AuthenticateTest, TextsBeyondTheCachesRoomAreStillTold) {
  for (int i = 0; i < 5000; ++i) {
    const std::string guess = "guess-" + std::to_string(i);
    EXPECT_FALSE(ask({.portkey_api_key = guess}));
  }
  EXPECT_TRUE(ask({.portkey_api_key = text_}));
  const std::string huge(100'000, 'k');
  EXPECT_FALSE(ask({.portkey_api_key = huge}));
}

TEST(KeyRing, OfTwoKeysWithOneTextTheFirstCounts) {
  const KeyRing ring({*adopt_key(Secret("same"), {"config", {}, {}, {}}, kNow),
                      *adopt_key(Secret("same"), {"stored", {}, {}, {}}, kNow)});
  ASSERT_NE(ring.find(hash_key("same")), nullptr);
  EXPECT_EQ(ring.find(hash_key("same"))->name, "config");
  EXPECT_EQ(ring.find(hash_key("other")), nullptr);
  EXPECT_EQ(ring.size(), 1U);
}

TEST(RequireScope, RefusesWithTheScopeAndTheWayToGetIt) {
  const exchange::Principal principal{"key_1", "laptop", {Scope::completions_write}};
  EXPECT_TRUE(require_scope(principal, Scope::completions_write));
  const Result<void> refused = require_scope(principal, Scope::logs_list);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error()->code, ErrorCode::forbidden);
  EXPECT_NE(refused.error()->message.find("logs.list"), std::string::npos);
  EXPECT_NE(refused.error()->message.find("laptop"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::auth
