#include "logs/redact.h"

#include <gtest/gtest.h>

#include "logs/credential_scan.h"
#include "logs/folded_text.h"

namespace gatehouse::logs {
namespace {

std::string redacted(std::string body) {
  redact_body(body);
  return body;
}

TEST(Redact, ShowsOnlyTheEndsOfALongSecret) {
  EXPECT_EQ(masked_secret("sk-1234567890abcdef"), "sk********def");
  EXPECT_EQ(masked_secret("short"), "********");
  EXPECT_EQ(masked_secret(""), "********");
}

TEST(Redact, MasksCredentialHeadersAndNamedOnes) {
  Pairs headers = {{"authorization", "Bearer sk-1234567890abcdef"},
                   {"X-Api-Key", "sk-1234567890abcdef"},
                   {"x-tenant", "a tenant that is secret"},
                   {"user-agent", "openai-python/1.0"}};
  const std::vector<std::string_view> sensitive = {"x-tenant"};
  redact_headers(headers, sensitive);
  EXPECT_EQ(headers[0].second, "Be********def");
  EXPECT_EQ(headers[1].second, "sk********def");
  EXPECT_EQ(headers[2].second, "a ********ret");
  EXPECT_EQ(headers[3].second, "openai-python/1.0");
}

TEST(Redact, MasksEveryPartOfACredentialThatHasAFieldOfItsOwn) {
  for (const char* name :
       {"x-portkey-aws-secret-access-key", "x-portkey-aws-session-token",
        "x-portkey-vertex-service-account-json", "x-portkey-azure-entra-client-secret",
        "x-portkey-azure-ad-token", "x-amz-security-token"}) {
    Pairs headers = {{name, "0123456789abcdefXYZ"}};
    redact_headers(headers);
    EXPECT_EQ(headers[0].second, "01********XYZ") << name;
  }
}

TEST(Redact, MasksTheKeysInsideAnInlineConfig) {
  Pairs headers = {{"x-portkey-config",
                    R"({"targets":[{"provider":"openai","api_key":"sk-1234567890abcdef"}]})"}};
  redact_headers(headers);
  EXPECT_EQ(headers[0].second, R"({"targets":[{"provider":"openai","api_key":"sk********def"}]})");
}

TEST(Redact, KnowsTheCredentialFieldsOfBodies) {
  for (const char* name : {"api_key", "apiKey", "API-KEY", "authorization", "Authorization",
                           "client_secret", "aws_secret_access_key", "awsSessionToken", "password",
                           "private_key", "azure_ad_token", "openai_api_key", "access_token",
                           "azure_entra_client_secret", "vertex_service_account_json"}) {
    const std::string field = "\"" + std::string(name) + "\"";
    EXPECT_EQ(redacted("{" + field + " : \"0123456789abcdefXYZ\"}"),
              "{" + field + " : \"01********XYZ\"}");
    EXPECT_TRUE(is_credential_name(name));
  }
}

TEST(Redact, LeavesOrdinaryBodiesAlone) {
  for (
      const char* body :
      {R"({"model":"gpt-4o","messages":[{"role":"user","content":"my \"api_key\": \"sk-1234567890abcdef\""}]})",
       R"({"token":"Hello","logprob":-0.5,"bytes":[72]})",
       R"({"properties":{"password":{"type":"string"}},"max_tokens":5,"total_tokens":7})",
       R"({"api_key":null})", "data: [DONE]", "", ":", "\":", "::::"}) {
    EXPECT_EQ(redacted(body), body);
  }
}

TEST(Redact, MasksWhereTheBodyWasCutOff) {
  EXPECT_EQ(redacted(R"({"api_key":"sk-1234567890abcdef)"), R"({"api_key":"sk********def)");
  EXPECT_EQ(redacted(R"({"api_key":"sk-\)"), R"({"api_key":"********)");
  EXPECT_EQ(redacted(R"({"api_key":)"), R"({"api_key":)");
  EXPECT_EQ(redacted(R"({"api_key")"), R"({"api_key")");
}

TEST(Redact, MasksEveryCredentialAndNothingBetween) {
  EXPECT_EQ(
      redacted(
          R"({"api_key":"0123456789abcdefXYZ","model":"m","headers":{"Authorization":"a \"b\" c"},"n":1})"),
      R"({"api_key":"01********XYZ","model":"m","headers":{"Authorization":"********"},"n":1})");
}

LogRecord folded_record(std::string_view event) {
  LogRecord record;
  fold_as_is(event, record.response.text);
  fold_alike(std::span<const Replacement>(), record.response.text);
  record.response.is_folded = true;
  return record;
}

TEST(Redact, MasksACredentialInEveryEventThatIsLikeAnother) {
  LogRecord record = folded_record("data: {\"api_key\":\"0123456789abcdefXYZ\"}\n\n");
  redact(record);
  EXPECT_FALSE(record.response.is_folded);
  EXPECT_EQ(record.response.text,
            "data: {\"api_key\":\"01********XYZ\"}\n\ndata: {\"api_key\":\"01********XYZ\"}\n\n");
}

TEST(Redact, MasksACredentialWhoseEventCameInPieces) {
  LogRecord record;
  for (const char* piece : {"data: {\"api_k", "ey\":\"0123456789", "abcdefXYZ\"}\n\n"}) {
    fold_as_is(piece, record.response.text);
  }
  record.response.is_folded = true;
  redact(record);
  EXPECT_EQ(record.response.text, "data: {\"api_key\":\"01********XYZ\"}\n\n");
}

TEST(Redact, LeavesFoldedTextWithoutCredentialsFolded) {
  LogRecord record = folded_record("data: {\"content\":\"a\"}\n\n");
  const std::string before = record.response.text;
  redact(record);
  EXPECT_TRUE(record.response.is_folded);
  EXPECT_EQ(record.response.text, before);
}

}  // namespace
}  // namespace gatehouse::logs
