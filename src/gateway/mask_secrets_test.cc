#include "gateway/mask_secrets.h"

#include <gtest/gtest.h>

#include "providers/provider_table.h"

namespace gatehouse::gateway {
namespace {

using credentials::KeySource;

class MaskSecretsTest : public testing::Test {
 protected:
  MaskSecretsTest() { target_.resolved.key_source = KeySource::stored; }

  /// What is left of `text` when a provider called with `target_` has said it.
  std::string told(std::string_view provider, std::string text, std::string_view sent = {}) {
    target_.row = table_.find(provider);
    return without_secrets(std::move(text), secrets_of(target_, sent));
  }
  void give(const char* option, const char* value) {
    target_.resolved.fields.emplace_back(option, Secret(value));
  }

  providers::ProviderTable table_;
  Target target_;
};

TEST_F(MaskSecretsTest, HidesAKeyWhereverItStands) {
  target_.resolved.key = Secret("sk-stored-1");
  EXPECT_EQ(told("openai", "bad sk-stored-1, (sk-stored-1)"), "bad ****, (****)");
}

TEST_F(MaskSecretsTest, EndsWithAKeyThatLooksLikeItsMask) {
  target_.resolved.key = Secret("****");
  EXPECT_EQ(told("openai", "bad **** and *******"), "bad **** and *******");
}

TEST_F(MaskSecretsTest, HidesEveryPartOfAnAwsCredentialAndNotItsRegion) {
  give("aws-access-key-id", "AKIAEXAMPLE");
  give("aws-secret-access-key", "wJalr/K7MDENG+bPx");
  give("aws-session-token", "FwoGZXIvYXdz");
  give("aws-region", "eu-west-1");
  EXPECT_EQ(told("bedrock", "AKIAEXAMPLE wJalr/K7MDENG+bPx FwoGZXIvYXdz in eu-west-1"),
            "**** **** **** in eu-west-1");
}

TEST_F(MaskSecretsTest, HidesASecretAsJsonHoldsIt) {
  give("aws-secret-access-key", "a/\"b\"\\c");
  EXPECT_EQ(told("bedrock", R"({"message":"key a/\"b\"\\c"})"), R"({"message":"key ****"})");
  EXPECT_EQ(told("bedrock", R"({"message":"key a\/\"b\"\\c"})"), R"({"message":"key ****"})");
}

TEST_F(MaskSecretsTest, HidesWhatIsSecretWithinAServiceAccount) {
  const char* const account =
      R"({"client_email":"me@p.example","private_key_id":"kid-12345","private_key":"-----BEGIN\nAAAA\n"})";
  give("vertex-service-account-json", account);
  const std::string all = told("vertex-ai", std::string("given ") + account);
  EXPECT_EQ(all, "given ****");
  EXPECT_EQ(told("vertex-ai", "me@p.example kid-12345 -----BEGIN\nAAAA\n"),
            "me@p.example **** ****");
  EXPECT_EQ(told("vertex-ai", R"("-----BEGIN\nAAAA\n")"), R"("****")");
}

TEST_F(MaskSecretsTest, HidesAServiceAccountThatStandsInThePlaceOfAKey) {
  target_.resolved.key = Secret(R"({"private_key":"secret-pem"})");
  EXPECT_EQ(told("vertex-ai", "got secret-pem"), "got ****");
}

TEST_F(MaskSecretsTest, HidesTheSecretOfAnEntraClientAndNotItsTenant) {
  give("azure-entra-client-id", "client-0001");
  give("azure-entra-client-secret", "se~cr.et");
  give("azure-entra-tenant-id", "common");
  EXPECT_EQ(told("azure-openai", "client-0001/se~cr.et of common"), "****/**** of common");
}

TEST_F(MaskSecretsTest, HidesTheTokenThatWasBought) {
  give("azure-entra-client-secret", "se~cr.et");
  const std::string_view sent =
      "content-type: application/json\r\nAuthorization: Bearer ey.bought\r\n"
      "x-amz-security-token: temporary-1\r\n";
  EXPECT_EQ(told("azure-openai", "ey.bought and temporary-1: application/json", sent),
            "**** and ****: application/json");
}

TEST_F(MaskSecretsTest, LeavesALongerSecretsRestNowhere) {
  give("aws-access-key-id", "AKIA");
  give("aws-secret-access-key", "AKIAandmore");
  EXPECT_EQ(told("bedrock", "AKIAandmore"), "****");
}

TEST_F(MaskSecretsTest, LeavesAClientsOwnCredentialAndWhatTellsNothing) {
  target_.resolved.key = Secret("abc");
  EXPECT_EQ(told("openai", "abc"), "abc");
  target_.resolved.key = Secret("sk-of-the-client");
  target_.resolved.key_source = KeySource::client;
  EXPECT_EQ(told("openai", "sk-of-the-client", "authorization: Bearer sk-of-the-client\r\n"),
            "sk-of-the-client");
}

}  // namespace
}  // namespace gatehouse::gateway
