// How a call's messages, tools and media are looked at before they are encoded.
#include <gtest/gtest.h>

#include "dialects/dialect.h"
#include "dialects/tools_in_play.h"
#include "dialects/turns.h"

namespace gatehouse::dialects {
namespace {

llm::Block text(std::string words) { return {llm::Text{std::move(words), {}}, {}}; }

llm::Block call_block(std::string id) {
  return {llm::ToolCall{std::move(id), "f", "{}", {}, llm::ToolKind::function}, {}};
}

llm::Block result_block(std::string id) {
  llm::ToolResult result;
  result.call_id = std::move(id);
  return {std::move(result), {}};
}

llm::Message message(llm::Role role, std::vector<llm::Block> blocks) {
  return {role, {}, std::move(blocks)};
}

TEST(TurnsOf, MergesNeighboursAndCountsToolResultsAsTheUsers) {
  llm::Call call;
  call.messages.push_back(message(llm::Role::system, {text("s")}));
  call.messages.push_back(message(llm::Role::user, {text("a")}));
  call.messages.push_back(message(llm::Role::assistant, {call_block("1")}));
  call.messages.push_back(message(llm::Role::tool, {result_block("1")}));
  call.messages.push_back(message(llm::Role::developer, {text("d")}));
  call.messages.push_back(message(llm::Role::user, {text("b")}));
  const std::vector<Turn> turns = turns_of(call);
  ASSERT_EQ(turns.size(), 3U);
  EXPECT_EQ(turns[2].speaker, Speaker::user);
  EXPECT_EQ(turns[2].blocks.size(), 2U);
  EXPECT_EQ(system_blocks(call).size(), 2U);
}

TEST(LacksThoughts, OnlyWhereUnsignedCallsAwaitTheirResults) {
  llm::Call call;
  call.messages.push_back(message(llm::Role::assistant, {call_block("1")}));
  EXPECT_FALSE(lacks_thoughts_before_results(turns_of(call)));
  call.messages.push_back(message(llm::Role::tool, {result_block("1")}));
  EXPECT_TRUE(lacks_thoughts_before_results(turns_of(call)));
  call.messages[0].blocks.push_back({llm::Reasoning{"t", "signed", {}}, {}});
  EXPECT_FALSE(lacks_thoughts_before_results(turns_of(call)));
}

TEST(ToolsInPlay, AreThoseThatTheChoiceAllows) {
  llm::Call call;
  for (const char* name : {"a", "b"}) call.tools.emplace_back().name = name;
  EXPECT_EQ(tools_in_play(call).size(), 2U);
  call.tool_choice = llm::ToolChoice{llm::ToolChoice::Mode::automatic, {}, {"b"}};
  const auto tools = tools_in_play(call);
  ASSERT_EQ(tools.size(), 1U);
  EXPECT_EQ(tools[0]->name, "b");
}

TEST(ArgumentsObject, IsAnObjectOrNothing) {
  const auto arguments = [](std::string given) {
    return arguments_object({"1", "f", std::move(given), {}, llm::ToolKind::function});
  };
  EXPECT_EQ(arguments(" {\"a\": 1} "), " {\"a\": 1} ");
  EXPECT_EQ(arguments(""), "{}");
  EXPECT_EQ(arguments("[1]"), "");
  EXPECT_EQ(arguments("{oops"), "");
}

TEST(ArgumentsObject, WrapsTheTextOfACustomTool) {
  EXPECT_EQ(arguments_object({"1", "f", "say \"hi\"", {}, llm::ToolKind::custom}),
            R"({"input":"say \"hi\""})");
}

TEST(PlainId, KeepsLettersDigitsAndDashes) {
  EXPECT_EQ(plain_id("functions.get-it:0_é"), "functions_get-it_0___");
}

TEST(MediaToFetch, AreTheAddressesThatAProviderDoesNotTake) {
  llm::Call call;
  const auto image = [](std::string url) {
    return llm::Block{llm::Image{{llm::Media::Kind::url, std::move(url), {}}, {}}, {}};
  };
  llm::ToolResult result;
  result.content.push_back(image("https://e.com/b.png"));
  call.messages.push_back(
      message(llm::Role::user, {image("https://e.com/a.png"), image("s3://b/a.png"), text("x")}));
  call.messages.push_back(message(llm::Role::tool, {{std::move(result), {}}}));
  EXPECT_EQ(media_to_fetch(call, *back_door(llm::DialectId::bedrock_converse)).size(), 2U);
  EXPECT_EQ(media_to_fetch(call, *back_door(llm::DialectId::gemini)).size(), 3U);
  EXPECT_TRUE(media_to_fetch(call, *back_door(llm::DialectId::anthropic_messages)).empty());
}

TEST(Doors, EveryDialectHasABackDoorAndThreeHaveAFrontDoor) {
  using enum llm::DialectId;
  for (const auto dialect :
       {openai_chat, openai_responses, anthropic_messages, gemini, bedrock_converse, cohere}) {
    EXPECT_NE(back_door(dialect), nullptr) << llm::name_of(dialect);
  }
  for (const auto dialect : {openai_chat, openai_responses, anthropic_messages}) {
    EXPECT_NE(front_door(dialect), nullptr) << llm::name_of(dialect);
  }
  EXPECT_EQ(front_door(gemini), nullptr);
}

}  // namespace
}  // namespace gatehouse::dialects
