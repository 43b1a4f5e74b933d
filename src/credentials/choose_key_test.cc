// Credentials in several parts. resolve_target_test.cc has those that are one key.
#include "credentials/choose_key.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "credentials/configured_credentials.h"

namespace gatehouse::credentials {
namespace {

using exchange::CredentialOption;
using exchange::OptionKind;
using Texts = std::map<std::string, std::string, std::less<>>;

constexpr std::array kOptions = {
    CredentialOption{"aws-access-key-id", "AWS_ACCESS_KEY_ID", OptionKind::whole},
    CredentialOption{"aws-secret-access-key", "AWS_SECRET_ACCESS_KEY"},
    CredentialOption{"aws-role-arn", ""},
    CredentialOption{"aws-sts-url", "AWS_ENDPOINT_URL_STS", OptionKind::operators},
    CredentialOption{"aws-region", "AWS_REGION", OptionKind::open},
};
constexpr std::array<std::string_view, 1> kVariables = {"AWS_BEARER_TOKEN_BEDROCK"};

class OneProvider final : public ProviderNames {
 public:
  std::optional<KnownProvider> find(std::string_view) const override {
    return KnownProvider{"bedrock", kVariables, KeyNeed::required, kOptions};
  }
  std::vector<std::string_view> near_names(std::string_view) const override { return {}; }
};

class Said final : public RequestOptions {
 public:
  std::string_view find(std::string_view name) const override {
    const auto found = texts.find(name);
    return found == texts.end() ? std::string_view() : found->second;
  }
  Texts texts;
};

class Variables {
 public:
  std::optional<std::string_view> find(std::string_view name) const {
    const auto found = texts.find(name);
    return found == texts.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  }
  Texts texts;
};

class KeyOfSeveralParts : public testing::Test {
 protected:
  KeyOfSeveralParts() {
    hints_.provider_header = "bedrock";
    hints_.options = &said_;
  }

  void store(CredentialFields options, std::string key = {}) {
    std::vector<StoredCredential> list;
    list.push_back({"aws", "bedrock", Secret(std::move(key)), "", {}, std::move(options)});
    store_ = ConfiguredCredentials(std::move(list), {});
    hints_.provider_header = "@aws";
  }
  void set_environment() {
    variables_.texts = {{"AWS_ACCESS_KEY_ID", "env-id"}, {"AWS_SECRET_ACCESS_KEY", "env-secret"}};
  }

  /// "source: key, option=value ..." or the error.
  std::string chosen() const {
    Result<ResolvedTarget> target{std::in_place};
    const OneProvider names;
    if (auto found = resolve_target(hints_, {store_, names, variables_}, *target); !found)
      target = std::unexpected(found.error());
    if (!target) return target.error()->message;
    constexpr std::array<std::string_view, 4> kSources = {"none", "client", "environment",
                                                          "stored"};
    std::string out(kSources[static_cast<std::size_t>(target->key_source)]);
    out += ": " + std::string(target->key.reveal());
    for (const auto& [option, value] : target->fields) {
      out += " " + option + "=" + std::string(value.reveal());
    }
    return out;
  }

  RequestHints hints_;
  Said said_;
  Variables variables_;
  ConfiguredCredentials store_{{}, {}};
};

TEST_F(KeyOfSeveralParts, ComesFromTheClientsFields) {
  set_environment();
  said_.texts = {{"aws-access-key-id", "id"}, {"aws-secret-access-key", "secret"}};
  EXPECT_EQ(chosen(), "client:  aws-access-key-id=id aws-secret-access-key=secret");
}

TEST_F(KeyOfSeveralParts, IsNeverMadeWholeWithTheOperatorsParts) {
  set_environment();
  said_.texts = {{"aws-access-key-id", "id"}};
  EXPECT_EQ(chosen(), "client:  aws-access-key-id=id");
}

TEST_F(KeyOfSeveralParts, LetsNoClientLendTheOperatorsKeyToARole) {
  set_environment();
  said_.texts = {{"aws-role-arn", "arn:mine"}, {"aws-secret-access-key", "x"}};
  EXPECT_EQ(chosen(), "environment:  aws-access-key-id=env-id aws-secret-access-key=env-secret");
}

TEST_F(KeyOfSeveralParts, ComesFromTheEnvironmentWhenNobodySaysAnything) {
  set_environment();
  EXPECT_EQ(chosen(), "environment:  aws-access-key-id=env-id aws-secret-access-key=env-secret");
  variables_.texts["AWS_BEARER_TOKEN_BEDROCK"] = "token";
  EXPECT_EQ(chosen(), "environment: token");
}

TEST_F(KeyOfSeveralParts, ComesFromAStoredCredentialWithAllThatItSays) {
  set_environment();
  said_.texts = {{"aws-access-key-id", "id"}};
  store({{"aws-access-key-id", Secret("sid")}, {"aws-region", Secret("eu-west-1")}});
  EXPECT_EQ(chosen(), "stored:  aws-access-key-id=sid aws-region=eu-west-1");
}

TEST_F(KeyOfSeveralParts, IsCompletedForAStoredCredentialThatHasNone) {
  set_environment();
  store({{"aws-role-arn", Secret("arn:operators")}});
  EXPECT_EQ(chosen(),
            "environment:  aws-role-arn=arn:operators aws-access-key-id=env-id "
            "aws-secret-access-key=env-secret");
}

TEST_F(KeyOfSeveralParts, IsNotTakenFromTheEnvironmentForAStranger) {
  set_environment();
  hints_.custom_host = "https://stranger.example";
  EXPECT_NE(chosen().find("Missing API key for provider 'bedrock'"), std::string::npos);
}

TEST_F(KeyOfSeveralParts, IsAskedForByEveryNameThatItHas) {
  const std::string message = chosen();
  EXPECT_NE(message.find("x-portkey-aws-access-key-id"), std::string::npos);
  EXPECT_NE(message.find("AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::credentials
