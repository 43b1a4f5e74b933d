// The tables of what single models take, by the many spellings of a model's name.
#include "dialects/anthropic_messages/model_traits.h"

#include <gtest/gtest.h>

#include "dialects/bedrock_converse/family.h"
#include "dialects/gemini/model_traits.h"
#include "dialects/openai_chat/model_traits.h"

namespace gatehouse::dialects {
namespace {

TEST(ClaudeTraits, AreFoundInEverySpelling) {
  using anthropic_messages::traits_of;
  for (const std::string_view model :
       {"claude-sonnet-4-5", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5@20250929",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4-5"}) {
    EXPECT_EQ(traits_of(model).name, "claude-sonnet-4-5") << model;
  }
}

TEST(ClaudeTraits, ADateIsNoVersion) {
  using anthropic_messages::traits_of;
  EXPECT_EQ(traits_of("claude-opus-4-20250514").name, "claude-opus-4");
  EXPECT_EQ(traits_of("claude-opus-4-0").name, "claude-opus-4-0");
  EXPECT_EQ(traits_of("claude-3-haiku-20240307").name, "claude-3");
  EXPECT_EQ(traits_of("claude-3-5-haiku-latest").name, "claude-3-5");
}

TEST(ClaudeTraits, AModelOfTomorrowIsTakenForANewOne) {
  using anthropic_messages::Thinking;
  using anthropic_messages::traits_of;
  for (const std::string_view model : {"claude-opus-4-9", "claude-fable-7", "something"}) {
    EXPECT_EQ(traits_of(model).name, "") << model;
    EXPECT_EQ(traits_of(model).thinking, Thinking::adaptive) << model;
    EXPECT_TRUE(traits_of(model).knows_schemas) << model;
  }
}

TEST(GeminiTraits, TellBudgetsFromLevels) {
  using gemini::Thinking;
  using gemini::traits_of;
  EXPECT_EQ(traits_of("models/gemini-2.5-flash-lite-001").least_budget, 512);
  EXPECT_EQ(traits_of("gemini-2.5-pro").off_budget, 128);
  EXPECT_EQ(traits_of("gemini-3-pro-preview").thinking, Thinking::level);
  EXPECT_FALSE(traits_of("gemini-3-pro-preview").has_all_levels);
  EXPECT_TRUE(traits_of("gemini-3-flash").has_all_levels);
  EXPECT_EQ(traits_of("gemini-2.0-flash").thinking, Thinking::none);
  EXPECT_FALSE(traits_of("gemini-1.5-pro").takes_json_schema);
}

TEST(OpenAiTraits, TellModelsThatReason) {
  using openai_chat::Reasons;
  using openai_chat::traits_of;
  EXPECT_EQ(traits_of("gpt-4o-mini").reasons, Reasons::no);
  EXPECT_EQ(traits_of("gpt-5-chat-latest").reasons, Reasons::no);
  EXPECT_EQ(traits_of("openai/o3-mini").reasons, Reasons::yes);
  EXPECT_EQ(traits_of("gpt-5.1").least_effort, "none");
  EXPECT_EQ(traits_of("gpt-5-mini").least_effort, "minimal");
  EXPECT_EQ(traits_of("llama-3").reasons, Reasons::unknown);
}

TEST(BedrockFamily, IsTheFirstWordBehindTheRegion) {
  using bedrock_converse::Family;
  using bedrock_converse::family_of;
  EXPECT_EQ(family_of("anthropic.claude-3-haiku-20240307-v1:0"), Family::anthropic);
  EXPECT_EQ(family_of("global.anthropic.claude-opus-4-6-v1"), Family::anthropic);
  EXPECT_EQ(family_of("apac.amazon.nova-pro-v1:0"), Family::amazon);
  EXPECT_EQ(family_of("arn:aws:bedrock:us-east-1::foundation-model/cohere.command-r-v1:0"),
            Family::cohere);
  EXPECT_EQ(family_of("arn:aws:bedrock:us-east-1:1:application-inference-profile/x9"),
            Family::other);
  EXPECT_EQ(family_of("meta.llama3-70b"), Family::other);
}

}  // namespace
}  // namespace gatehouse::dialects
