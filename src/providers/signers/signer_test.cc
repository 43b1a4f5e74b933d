#include "providers/signers/signer.h"

#include <gtest/gtest.h>

#include "providers/extra_headers.h"
#include "providers/provider_rows.h"

namespace gatehouse::providers {
namespace {

std::string signed_text(std::string_view id, const std::string& key) {
  const ProviderRow& row = *find_builtin(id);
  http::FieldLines fields;
  const Result<const Signer*> signer = signer_of(row);
  if (!signer) return signer.error()->message;
  const Secret secret(key);
  const UpstreamUrl url;
  const NoOptions none;
  const SignInput input{row, secret, none, "POST", url, {}};
  const Result<void> done = (*signer)->sign(input, nullptr, fields);
  return done ? std::string(fields.text()) : done.error()->message;
}

class OneOption final : public Options {
 public:
  OneOption(std::string_view name, std::string_view value) : name_(name), value_(value) {}
  std::string_view find(std::string_view name) const override {
    return name == name_ ? value_ : std::string_view{};
  }

 private:
  std::string_view name_;
  std::string_view value_;
};

std::string extra_text(std::string_view id, const Options& options) {
  http::FieldLines fields;
  add_extra_headers(*find_builtin(id), options, fields);
  return std::string(fields.text());
}

TEST(Signer, PutsABearerKeyIntoAuthorization) {
  EXPECT_EQ(signed_text("openai", "sk-1"), "authorization: Bearer sk-1\r\n");
}

TEST(Signer, FollowsTheTemplateOfTheRow) {
  EXPECT_EQ(signed_text("anthropic", "k"), "x-api-key: k\r\n");
  EXPECT_EQ(signed_text("azure-openai", "k"), "api-key: k\r\n");
  EXPECT_EQ(signed_text("fal-ai", "k"), "Authorization: Key k\r\n");
  EXPECT_EQ(signed_text("baseten", "k"), "Authorization: Api-Key k\r\n");
  EXPECT_EQ(signed_text("assemblyai", "k"), "Authorization: k\r\n");
}

TEST(Signer, AddsNothingWhereNoKeyIsTaken) { EXPECT_EQ(signed_text("demo", "k"), ""); }

TEST(Signer, LeavesALocalServerUnsignedWithoutAKey) {
  EXPECT_EQ(signed_text("ollama", ""), "");
  EXPECT_EQ(signed_text("ollama", "k"), "authorization: Bearer k\r\n");
}

TEST(Signer, RefusesToGoWithoutARequiredKey) {
  EXPECT_EQ(signed_text("openai", ""), "Missing API key for provider 'openai'.");
  EXPECT_EQ(signed_text("anthropic", " \n"), "Missing API key for provider 'anthropic'.");
}

TEST(Signer, TrimsTheKeyAndRefusesWhatWouldBreakTheLine) {
  EXPECT_EQ(signed_text("openai", "sk-1\n"), "authorization: Bearer sk-1\r\n");
  const std::string message = signed_text("openai", "sk-1\r\nx-evil: 1");
  EXPECT_NE(message.find("control character"), std::string::npos);
  EXPECT_EQ(message.find("sk-1"), std::string::npos) << "a message must not show the key";
}

TEST(Signer, SaysSoWhereItCannotSign) {
  EXPECT_NE(signed_text("oracle", "k").find("'oracle' wants a kind of signature"),
            std::string::npos);
}

TEST(ExtraHeaders, FillDefaultsAndLeaveOutWhatIsUnsaid) {
  EXPECT_EQ(extra_text("anthropic", NoOptions{}), "anthropic-version: 2023-06-01\r\n");
  EXPECT_EQ(extra_text("openai", NoOptions{}), "");
}

TEST(ExtraHeaders, TakeWhatTheRequestSays) {
  EXPECT_EQ(extra_text("openai", OneOption("openai-project", "p1")), "openai-project: p1\r\n");
  EXPECT_EQ(extra_text("openai", OneOption("openai-project", "p1\r\nx: y")), "");
}

}  // namespace
}  // namespace gatehouse::providers
