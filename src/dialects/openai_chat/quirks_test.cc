#include "dialects/openai_chat/quirks.h"

#include <gtest/gtest.h>

#include "json/value.h"

namespace gatehouse::dialects {
namespace {

using llm::Capability;
using llm::Quirks;

const Quirks kNone = {.developer_role = llm::DeveloperRole::kept};
constexpr BodyWishes kNoWishes = {Capability::chat, {}, UsageWish::leave};

struct Fitted {
  std::string body;
  AdaptedBody adapted;
};

Fitted fit(const Quirks& quirks, const std::string& body, const BodyWishes& wishes = kNoWishes) {
  const auto members = json::scan_object(body);
  EXPECT_TRUE(members.has_value()) << body;
  AdaptedBody adapted = adapt_body(quirks, body, *members, wishes);
  std::string changed = json::apply_edits(body, adapted.edits);
  EXPECT_TRUE(json::parse(changed).has_value()) << changed;
  return {std::move(changed), std::move(adapted)};
}

TEST(Quirks, LeaveABodyWithoutCauseAsItIs) {
  const std::string body = R"({ "model" : "m",  "messages":[{"role":"developer"}], "x": 1.0 })";
  const Fitted fitted = fit(kNone, body, {Capability::chat, "m", UsageWish::ask});
  EXPECT_TRUE(fitted.adapted.edits.empty());
  EXPECT_EQ(fitted.body, body);
}

TEST(Quirks, DropParametersAndSayWhich) {
  const Fitted fitted =
      fit({.drop = {"logprobs", "user", "absent"}}, R"({"logprobs":true, "model":"m","user":"u"})");
  EXPECT_EQ(fitted.body, R"({"model":"m"})");
  EXPECT_EQ(fitted.adapted.dropped, (std::vector<std::string>{"logprobs", "user"}));
}

TEST(Quirks, RenameAParameterAndKeepItsValue) {
  const Quirks quirks = {.rename = {{"max_completion_tokens", "max_tokens"}}};
  EXPECT_EQ(fit(quirks, R"({"max_completion_tokens": 7})").body, R"({"max_tokens": 7})");
  EXPECT_EQ(fit(quirks, R"({"max_tokens": 7})").body, R"({"max_tokens": 7})");
}

TEST(Quirks, LetTheRenamedParameterWinOverTheOldOne) {
  const Quirks quirks = {.rename = {{"max_completion_tokens", "max_tokens"}}};
  EXPECT_EQ(fit(quirks, R"({"max_tokens":1,"max_completion_tokens":7})").body,
            R"({"max_tokens":7})");
  EXPECT_EQ(fit(quirks, R"({"max_tokens":1,"max_completion_tokens":null})").body,
            R"({"max_tokens":1})");
}

TEST(Quirks, MapAValueOrTakeItAway) {
  const Quirks quirks = {.values = {{"tool_choice", R"("required")", R"("any")"},
                                    {"encoding_format", R"("float")", ""}}};
  EXPECT_EQ(fit(quirks, R"({"tool_choice":"required","encoding_format":"float"})").body,
            R"({"tool_choice":"any"})");
  EXPECT_EQ(fit(quirks, R"({"tool_choice":"auto","encoding_format":"base64"})").body,
            R"({"tool_choice":"auto","encoding_format":"base64"})");
}

TEST(Quirks, FillInDefaultsThatAreNotSaid) {
  const Quirks quirks = {.defaults = {{"input_type", R"("query")"}}};
  EXPECT_EQ(fit(quirks, R"({"input":"x"})").body, R"({"input_type":"query","input":"x"})");
  EXPECT_EQ(fit(quirks, R"({"input_type":"passage"})").body, R"({"input_type":"passage"})");
}

TEST(Quirks, MakeDevelopersSystemWhereTheRoleIsUnknown) {
  const std::string body =
      R"({"messages":[{"role" : "developer","content":"the \"developer\" role"},)"
      R"({"role":"user","content":"developer"}],"model":"m"})";
  const std::string changed =
      R"({"messages":[{"role" : "system","content":"the \"developer\" role"},)"
      R"({"role":"user","content":"developer"}],"model":"m"})";
  EXPECT_EQ(fit({}, body).body, changed);
  EXPECT_EQ(fit(kNone, body).body, body);
}

TEST(Quirks, TouchNoMessageForAWordInItsText) {
  const std::string body = R"({"messages":[{"role":"user","content":"very vivid developer v"}]})";
  EXPECT_TRUE(fit({}, body).adapted.edits.empty());
}

TEST(Quirks, DropMembersOfMessages) {
  const Fitted fitted = fit({.drop_in_messages = {"name"}},
                            R"({"messages":[{"role":"user","name":"bob","content":"hi"},)"
                            R"({"name":"x","role":"developer"},{"role":"user"}]})");
  EXPECT_EQ(fitted.body,
            R"({"messages":[{"role":"user","content":"hi"},{"role":"system"},{"role":"user"}]})");
}

TEST(Quirks, LeaveMalformedMessagesToTheProvider) {
  EXPECT_EQ(fit({}, R"({"messages":"developer"})").body, R"({"messages":"developer"})");
  EXPECT_EQ(fit({}, R"({"messages":["developer",1,null]})").body,
            R"({"messages":["developer",1,null]})");
}

TEST(Wishes, PutTheProvidersModelInThePlaceOfTheClients) {
  const BodyWishes wishes = {Capability::chat, "gpt-4o", UsageWish::leave};
  EXPECT_EQ(fit(kNone, R"({"x":1,"model" : "@me/gpt-4o","y":2})", wishes).body,
            R"({"x":1,"model" : "gpt-4o","y":2})");
  EXPECT_EQ(fit(kNone, R"({"x":1})", wishes).body, R"({"model":"gpt-4o","x":1})");
  EXPECT_EQ(fit(kNone, R"({"model":"a"})", {Capability::chat, "q\"", UsageWish::leave}).body,
            R"({"model":"q\""})");
}

TEST(Wishes, AskForTheUsageOfAStreamAndHideIt) {
  const BodyWishes wishes = {};
  const Fitted fitted = fit(kNone, R"({"stream":true})", wishes);
  EXPECT_EQ(fitted.body, R"({"stream_options":{"include_usage":true},"stream":true})");
  EXPECT_EQ(fitted.adapted.usage_chunk, UsageChunk::hide);
  const Fitted as_null = fit(kNone, R"({"stream":true,"stream_options":null})", wishes);
  EXPECT_EQ(as_null.body, R"({"stream":true,"stream_options":{"include_usage":true}})");
}

TEST(Wishes, KeepTheOtherOptionsOfTheStream) {
  const Fitted fitted =
      fit(kNone, R"({"stream":true,"stream_options":{"x":1,"include_usage":false}})", {});
  EXPECT_EQ(fitted.body, R"({"stream":true,"stream_options":{"x":1,"include_usage":true}})");
  EXPECT_EQ(fitted.adapted.usage_chunk, UsageChunk::hide);
}

TEST(Wishes, ForwardTheUsageThatTheClientAskedFor) {
  const Fitted fitted =
      fit(kNone, R"({"stream":true,"stream_options":{"include_usage":true}})", {});
  EXPECT_TRUE(fitted.adapted.edits.empty());
  EXPECT_EQ(fitted.adapted.usage_chunk, UsageChunk::forward);
}

TEST(Wishes, AskForNoUsageWhereThatMakesNoSense) {
  const Quirks unasked = {.developer_role = llm::DeveloperRole::kept,
                          .stream_usage = llm::StreamUsage::unasked};
  EXPECT_TRUE(fit(unasked, R"({"stream":true})", {}).adapted.edits.empty());
  EXPECT_TRUE(fit(kNone, R"({"stream":false})", {}).adapted.edits.empty());
  EXPECT_TRUE(fit(kNone, R"({"model":"m"})", {}).adapted.edits.empty());
  EXPECT_TRUE(fit(kNone, R"({"stream":true})", kNoWishes).adapted.edits.empty());
  const BodyWishes responses = {Capability::responses, {}, UsageWish::ask};
  EXPECT_TRUE(fit(kNone, R"({"stream":true})", responses).adapted.edits.empty());
}

TEST(Quirks, WorkTogetherOnOneBody) {
  const Quirks mistral = {
      .drop = {"logit_bias", "user", "stream_options"},
      .rename = {{"max_completion_tokens", "max_tokens"}, {"seed", "random_seed"}},
      .values = {{"tool_choice", R"("required")", R"("any")"}},
      .stream_usage = llm::StreamUsage::unasked};
  const Fitted fitted =
      fit(mistral,
          R"({"model":"mistral/large","stream":true,"stream_options":{"include_usage":true},)"
          R"("user":"u","seed":3,"max_completion_tokens":9,"tool_choice":"required",)"
          R"("messages":[{"role":"developer","content":"x"}]})",
          {Capability::chat, "large", UsageWish::ask});
  EXPECT_EQ(fitted.body,
            R"({"model":"large","stream":true,"random_seed":3,"max_tokens":9,"tool_choice":"any",)"
            R"("messages":[{"role":"system","content":"x"}]})");
}

}  // namespace
}  // namespace gatehouse::dialects
