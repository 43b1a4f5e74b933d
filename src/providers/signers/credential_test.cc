// Credentials that are more than a key: what they put into a request, and what they buy first.
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <map>
#include <memory>

#include "base/percent.h"
#include "json/scan.h"
#include "providers/provider_rows.h"
#include "providers/signers/aws.h"
#include "providers/signers/azure.h"
#include "providers/signers/google.h"
#include "providers/signers/grant_cache.h"

namespace gatehouse::providers {
namespace {

constexpr WallTime kNow(std::chrono::seconds(1'440'938'160));  // 2015-08-30T12:36:00Z

class MapOptions final : public Options {
 public:
  std::string_view find(std::string_view name) const override {
    const auto found = values.find(name);
    return found == values.end() ? std::string_view{} : found->second;
  }
  std::map<std::string, std::string, std::less<>> values;
};

class Credential : public testing::Test {
 protected:
  SignInput input(std::string_view provider) {
    return {*find_builtin(provider), key_, options_, "POST", url_, body_, kNow};
  }
  const Signer& signer(std::string_view provider) { return **signer_of(*find_builtin(provider)); }
  std::string signed_fields(std::string_view provider, const Grant* grant = nullptr) {
    http::FieldLines fields;
    const Result<void> done = signer(provider).sign(input(provider), grant, fields);
    return done ? std::string(fields.text()) : done.error()->message;
  }

  Secret key_;
  MapOptions options_;
  UpstreamUrl url_{Scheme::https, "bedrock-runtime.us-east-1.amazonaws.com", 443,
                   "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse"};
  std::array<std::string_view, 1> body_ = {R"({"messages":[]})"};
};

class Aws : public Credential {
 protected:
  void give_keys() {
    options_.values = {{"aws-access-key-id", "AKIDEXAMPLE"},
                       {"aws-secret-access-key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}};
  }
};

TEST_F(Aws, SignsWithAnAccessKey) {
  give_keys();
  const std::string fields = signed_fields("bedrock");
  EXPECT_NE(fields.find("x-amz-date: 20150830T123600Z\r\n"), std::string::npos);
  EXPECT_NE(fields.find("Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request, "
                        "SignedHeaders=host;x-amz-date, Signature="),
            std::string::npos);
  EXPECT_EQ(fields.find("wJalr"), std::string::npos) << "the secret never leaves";
}

TEST_F(Aws, SignsForTheRegionAndTheServiceOfTheRow) {
  give_keys();
  options_.values["aws-region"] = "eu-central-1";
  EXPECT_NE(signed_fields("sagemaker").find("/eu-central-1/sagemaker/aws4_request"),
            std::string::npos);
}

TEST_F(Aws, SignsAndSendsASessionToken) {
  give_keys();
  options_.values["aws-session-token"] = "FwoGZXIvYXdz";
  const std::string fields = signed_fields("bedrock");
  EXPECT_NE(fields.find("x-amz-security-token: FwoGZXIvYXdz\r\n"), std::string::npos);
  EXPECT_NE(fields.find("SignedHeaders=host;x-amz-date;x-amz-security-token"), std::string::npos);
}

TEST_F(Aws, TakesAnApiKeyAsABearerToken) {
  key_ = Secret("ABSKexample");
  EXPECT_EQ(signed_fields("bedrock"), "authorization: Bearer ABSKexample\r\n");
}

TEST_F(Aws, NamesThePartThatIsMissing) {
  options_.values = {{"aws-access-key-id", "AKIDEXAMPLE"}};
  EXPECT_EQ(signed_fields("bedrock"),
            "The AWS credential for provider 'bedrock' has no aws_secret_access_key. Send "
            "x-portkey-aws-secret-access-key with it, or set it in the virtual key.");
}

TEST_F(Aws, RefusesAKeyThatWouldBreakTheLine) {
  give_keys();
  options_.values["aws-session-token"] = "a\r\nx-evil: 1";
  const std::string message = signed_fields("bedrock");
  EXPECT_NE(message.find("control character"), std::string::npos);
  EXPECT_EQ(message.find("evil"), std::string::npos);
}

TEST_F(Aws, BuysNothingWithoutARole) {
  give_keys();
  EXPECT_EQ(signer("bedrock").grant_id(input("bedrock")), "");
}

TEST_F(Aws, AssumesARoleByASignedCallToSts) {
  give_keys();
  options_.values["aws-role-arn"] = "arn:aws:iam::123456789012:role/llm";
  options_.values["aws-external-id"] = "tenant 7";
  options_.values["aws-region"] = "eu-west-1";
  const Result<GrantCall> call = signer("bedrock").grant_call(input("bedrock"));
  ASSERT_TRUE(call.has_value()) << call.error()->message;
  EXPECT_EQ(call->url.text(), "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_NE(call->body.find("Action=AssumeRole&Version=2011-06-15"), std::string::npos);
  EXPECT_NE(call->body.find("&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fllm"),
            std::string::npos);
  EXPECT_NE(call->body.find("&ExternalId=tenant%207"), std::string::npos);
  EXPECT_NE(call->fields.text().find("/20150830/eu-west-1/sts/aws4_request"), std::string::npos);
}

constexpr std::string_view kAssumed =
    R"(<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
  <Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s3cr3t/+</SecretAccessKey>
  <SessionToken>t0ken==</SessionToken><Expiration>2015-08-30T13:36:00Z</Expiration></Credentials>
  </AssumeRoleResult></AssumeRoleResponse>)";

TEST_F(Aws, SignsWithWhatStsGave) {
  const Result<Grant> grant = signer("bedrock").read_grant(kAssumed, kNow);
  ASSERT_TRUE(grant.has_value()) << grant.error()->message;
  EXPECT_EQ(grant->expires, kNow + std::chrono::hours(1));
  const std::string fields = signed_fields("bedrock", &*grant);
  EXPECT_NE(fields.find("Credential=ASIAEXAMPLE/"), std::string::npos);
  EXPECT_NE(fields.find("x-amz-security-token: t0ken==\r\n"), std::string::npos);
}

TEST_F(Aws, TakesNoHalfAnswerOfSts) {
  for (const std::string_view answer :
       {std::string_view(""), std::string_view("<Credentials></Credentials>"),
        kAssumed.substr(0, kAssumed.find("<Expiration>")), std::string_view("<AccessKeyId>")}) {
    const Result<Grant> grant = signer("bedrock").read_grant(answer, kNow);
    ASSERT_FALSE(grant.has_value());
    EXPECT_EQ(grant.error()->code, ErrorCode::upstream_malformed);
  }
}

TEST_F(Aws, NamesAGrantByEveryPartOfTheCredential) {
  give_keys();
  options_.values["aws-role-arn"] = "r";
  const std::string one = signer("bedrock").grant_id(input("bedrock"));
  options_.values["aws-secret-access-key"] = "another";
  const std::string other = signer("bedrock").grant_id(input("bedrock"));
  EXPECT_NE(one, other) << "nobody rides on a token that another secret bought";
  EXPECT_EQ(one.find("wJalr"), std::string::npos);
}

/// An RSA key made for one test.
class RsaKey {
 public:
  RsaKey() : key_(EVP_RSA_gen(2048)) {}
  ~RsaKey() { EVP_PKEY_free(key_); }
  RsaKey(const RsaKey&) = delete;
  RsaKey& operator=(const RsaKey&) = delete;

  std::string pem() const {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key_, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio, &text);
    std::string pem(text, static_cast<std::size_t>(length));
    BIO_free(bio);
    return pem;
  }
  bool verifies(std::string_view text, std::string_view signature) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key_);
    const auto bytes = [](std::string_view view) {
      return reinterpret_cast<const unsigned char*>(view.data());
    };
    const int good =
        EVP_DigestVerify(context, bytes(signature), signature.size(), bytes(text), text.size());
    EVP_MD_CTX_free(context);
    return good == 1;
  }

 private:
  EVP_PKEY* key_;
};

std::string from_base64url(std::string text) {
  for (char& c : text) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string out(text.size(), '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(length) - padding);
  return out;
}

class Google : public Credential {
 protected:
  void give_account() {
    options_.values["vertex-service-account-json"] =
        R"({"type":"service_account","project_id":"proj-1","private_key_id":"kid-1",)"
        R"("client_email":"me@proj-1.iam.gserviceaccount.com","private_key":)" +
        json::quote(rsa_.pem()) + "}";
  }
  RsaKey rsa_;
};

TEST_F(Google, SendsAnAccessTokenAsItIs) {
  key_ = Secret("ya29.token");
  EXPECT_EQ(signer("vertex-ai").grant_id(input("vertex-ai")), "");
  EXPECT_EQ(signed_fields("vertex-ai"), "authorization: Bearer ya29.token\r\n");
}

TEST_F(Google, BuysATokenWithAJwtThatThePublicKeyVerifies) {
  give_account();
  const Result<GrantCall> call = signer("vertex-ai").grant_call(input("vertex-ai"));
  ASSERT_TRUE(call.has_value()) << call.error()->message;
  EXPECT_EQ(call->url.text(), "https://oauth2.googleapis.com/token");
  const std::string_view body = call->body;
  constexpr std::string_view kLead =
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
  ASSERT_TRUE(body.starts_with(kLead)) << body;
  const std::string_view jwt = body.substr(kLead.size());
  const std::size_t dot = jwt.rfind('.');
  const std::string_view text = jwt.substr(0, dot);
  EXPECT_TRUE(rsa_.verifies(text, from_base64url(std::string(jwt.substr(dot + 1)))));
  EXPECT_EQ(from_base64url(std::string(text.substr(0, text.find('.')))),
            R"({"alg":"RS256","typ":"JWT","kid":"kid-1"})");
  EXPECT_EQ(
      from_base64url(std::string(text.substr(text.find('.') + 1))),
      R"({"iss":"me@proj-1.iam.gserviceaccount.com","sub":"me@proj-1.iam.gserviceaccount.com",)"
      R"("aud":"https://oauth2.googleapis.com/token",)"
      R"("scope":"https://www.googleapis.com/auth/cloud-platform",)"
      R"("iat":1440938160,"exp":1440941760})");
}

TEST_F(Google, TakesAKeyThatIsAServiceAccount) {
  give_account();
  const std::string by_option = signer("vertex-ai").grant_id(input("vertex-ai"));
  key_ = Secret(options_.values["vertex-service-account-json"]);
  options_.values.clear();
  EXPECT_EQ(signer("vertex-ai").grant_id(input("vertex-ai")), by_option);
}

TEST_F(Google, ReadsTheTokenAndItsLife) {
  const Result<Grant> grant =
      signer("vertex-ai")
          .read_grant(R"({"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"})", kNow);
  ASSERT_TRUE(grant.has_value());
  EXPECT_EQ(grant->expires, kNow + std::chrono::seconds(3599));
  EXPECT_EQ(signed_fields("vertex-ai", &*grant), "authorization: Bearer ya29.x\r\n");
  EXPECT_FALSE(signer("vertex-ai").read_grant(R"({"error":"x"})", kNow).has_value());
  EXPECT_FALSE(signer("vertex-ai").read_grant("<html>", kNow).has_value());
}

TEST_F(Google, SaysWhatIsWrongWithAnAccountWithoutShowingIt) {
  options_.values["vertex-service-account-json"] =
      R"({"client_email":"a@b","private_key":"s3cret"})";
  const Result<GrantCall> call = signer("vertex-ai").grant_call(input("vertex-ai"));
  ASSERT_FALSE(call.has_value());
  EXPECT_NE(call.error()->message.find("must be an RSA key in PEM"), std::string::npos);
  EXPECT_EQ(call.error()->message.find("s3cret"), std::string::npos);
  options_.values["vertex-service-account-json"] = "not json";
  EXPECT_NE(
      signer("vertex-ai").grant_call(input("vertex-ai")).error()->message.find("client_email"),
      std::string::npos);
}

TEST_F(Google, KnowsTheProjectOfAnAccount) {
  give_account();
  EXPECT_EQ(project_of_service_account(options_.values["vertex-service-account-json"]), "proj-1");
  EXPECT_EQ(project_of_service_account("ya29.token"), "");
}

class Azure : public Credential {};

TEST_F(Azure, PutsAKeyWhereTheRowSays) {
  key_ = Secret("k3y");
  EXPECT_EQ(signed_fields("azure-openai"), "api-key: k3y\r\n");
}

TEST_F(Azure, SendsATokenOfEntraAsItIs) {
  options_.values = {{"azure-ad-token", "eyJ0"}};
  EXPECT_EQ(signer("azure-openai").grant_id(input("azure-openai")), "");
  EXPECT_EQ(signed_fields("azure-openai"), "authorization: Bearer eyJ0\r\n");
}

TEST_F(Azure, BuysATokenWithAClientAndItsSecret) {
  options_.values = {{"azure-entra-client-id", "app-1"},
                     {"azure-entra-client-secret", "s&cret"},
                     {"azure-entra-tenant-id", "ten/ant"}};
  const Result<GrantCall> call = signer("azure-openai").grant_call(input("azure-openai"));
  ASSERT_TRUE(call.has_value()) << call.error()->message;
  EXPECT_EQ(call->url.text(), "https://login.microsoftonline.com/ten%2Fant/oauth2/v2.0/token");
  EXPECT_EQ(call->body,
            "grant_type=client_credentials&client_id=app-1&client_secret=s%26cret&scope=https%3A%2F"
            "%2Fcognitiveservices.azure.com%2F.default");
  const Result<Grant> grant =
      signer("azure-openai").read_grant(R"({"access_token":"t","expires_in":"60"})", kNow);
  ASSERT_TRUE(grant.has_value());
  EXPECT_EQ(grant->expires, kNow + std::chrono::seconds(60));
  EXPECT_EQ(signed_fields("azure-openai", &*grant), "authorization: Bearer t\r\n");
}

TEST_F(Azure, AsksTheAuthorityOfAnotherCloud) {
  options_.values = {{"azure-entra-client-id", "app-1"},
                     {"azure-entra-client-secret", "s"},
                     {"azure-entra-tenant-id", "t"},
                     {"azure-authority-host", "login.microsoftonline.us"}};
  EXPECT_EQ(signer("azure-openai").grant_call(input("azure-openai"))->url.text(),
            "https://login.microsoftonline.us/t/oauth2/v2.0/token");
}

TEST_F(Azure, NamesThePartOfAClientThatIsMissing) {
  options_.values = {{"azure-entra-client-id", "app-1"}, {"azure-entra-client-secret", "s"}};
  const Result<GrantCall> call = signer("azure-openai").grant_call(input("azure-openai"));
  ASSERT_FALSE(call.has_value());
  EXPECT_NE(call.error()->message.find("x-portkey-azure-entra-tenant-id"), std::string::npos);
}

Grant grant_until(WallTime expires) { return {Secret("t"), {}, {}, expires}; }

TEST(GrantCache, GivesAGrantUntilShortlyBeforeItsEnd) {
  GrantCache cache;
  EXPECT_EQ(cache.find("a", kNow), nullptr);
  cache.keep("a", grant_until(kNow + std::chrono::hours(1)));
  ASSERT_NE(cache.find("a", kNow), nullptr);
  EXPECT_EQ(cache.find("b", kNow), nullptr);
  EXPECT_NE(cache.find("a", kNow + std::chrono::minutes(59)), nullptr);
  EXPECT_EQ(cache.find("a", kNow + std::chrono::seconds(3590)), nullptr);
}

TEST(GrantCache, WantsAnotherBeforeTheOldOneEnds) {
  const Grant grant = grant_until(kNow + std::chrono::hours(1));
  EXPECT_FALSE(GrantCache::is_due(grant, kNow + std::chrono::minutes(54)));
  EXPECT_TRUE(GrantCache::is_due(grant, kNow + std::chrono::minutes(56)));
}

TEST(GrantCache, ForgetsWhatEndsFirstWhenItIsFull) {
  GrantCache cache(2);
  cache.keep("long", grant_until(kNow + std::chrono::hours(2)));
  cache.keep("short", grant_until(kNow + std::chrono::hours(1)));
  cache.keep("new", grant_until(kNow + std::chrono::hours(3)));
  EXPECT_NE(cache.find("long", kNow), nullptr);
  EXPECT_EQ(cache.find("short", kNow), nullptr);
  EXPECT_NE(cache.find("new", kNow), nullptr);
}

}  // namespace
}  // namespace gatehouse::providers
