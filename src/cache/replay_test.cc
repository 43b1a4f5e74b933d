#include "cache/replay.h"

#include <gtest/gtest.h>

#include "cache/assemble.h"

namespace gatehouse::cache {
namespace {

using llm::Block;

llm::Reply assembled(const std::vector<llm::Delta>& deltas) {
  ReplyBuilder builder;
  for (const llm::Delta& delta : deltas) builder.add(delta);
  return builder.take();
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 400; ++i) text += i % 7 == 0 ? "жш" : "word ";
  return text;
}

llm::Reply rich_reply() {
  llm::Reply reply;
  reply.id = "chatcmpl-1";
  reply.model = "gpt-x";
  reply.created = 17;
  reply.system_fingerprint = "fp";
  reply.usage.emplace().total_tokens = 7;
  llm::Choice& first = reply.choices.emplace_back();
  first.blocks.push_back({llm::Reasoning{"Thinking…", "signed", {}}, {}});
  first.blocks.push_back({llm::Text{long_text(), {{"https://a.example", "A", {}, 1, 2}}}, {}});
  first.blocks.push_back({llm::ToolCall{"call_1", "look", R"({"a":1})", {}, {}}, {}});
  first.blocks.push_back({llm::ToolCall{"call_2", "look", "{}", {}, {}}, {}});
  first.logprobs = {{"word", -0.5, {}}};
  first.finish.reason = llm::FinishReason::tool_calls;
  llm::Choice& second = reply.choices.emplace_back();
  second.index = 1;
  second.blocks.push_back({llm::Text{"Other", {}}, {}});
  return reply;
}

TEST(Replay, AReplyComesBackWholeFromItsDeltas) {
  const llm::Reply reply = rich_reply();
  const llm::Reply back = assembled(deltas_of(reply));
  EXPECT_EQ(back.id, reply.id);
  EXPECT_EQ(back.model, reply.model);
  EXPECT_EQ(back.created, reply.created);
  EXPECT_EQ(back.system_fingerprint, reply.system_fingerprint);
  EXPECT_EQ(back.usage, reply.usage);
  ASSERT_EQ(back.choices.size(), 2U);
  const llm::Choice& choice = back.choices[0];
  ASSERT_EQ(choice.blocks.size(), 4U);
  EXPECT_EQ(std::get<llm::Reasoning>(choice.blocks[0].content).text, "Thinking…");
  EXPECT_EQ(std::get<llm::Reasoning>(choice.blocks[0].content).signature, "signed");
  EXPECT_EQ(std::get<llm::Text>(choice.blocks[1].content).text, long_text());
  EXPECT_EQ(std::get<llm::Text>(choice.blocks[1].content).citations[0].url, "https://a.example");
  EXPECT_EQ(std::get<llm::ToolCall>(choice.blocks[2].content).arguments, R"({"a":1})");
  EXPECT_EQ(std::get<llm::ToolCall>(choice.blocks[3].content).id, "call_2");
  EXPECT_EQ(choice.logprobs.size(), 1U);
  EXPECT_EQ(choice.finish.reason, llm::FinishReason::tool_calls);
  EXPECT_EQ(back.choices[1].index, 1);
  EXPECT_EQ(std::get<llm::Text>(back.choices[1].blocks[0].content).text, "Other");
}

TEST(Replay, TextComesInPiecesThatEndBetweenCharacters) {
  int pieces = 0;
  for (const llm::Delta& delta : deltas_of(rich_reply())) {
    const auto* text = std::get_if<llm::TextDelta>(&delta);
    if (text == nullptr || text->choice != 0) continue;
    ++pieces;
    EXPECT_LE(text->text.size(), 500U);
    EXPECT_NE(static_cast<unsigned char>(text->text.front()) & 0xC0U, 0x80U);
  }
  EXPECT_GE(pieces, 4);
}

TEST(Replay, EachChoiceFinishesOnceAndLast) {
  const std::vector<llm::Delta> deltas = deltas_of(rich_reply());
  EXPECT_TRUE(std::holds_alternative<llm::Started>(deltas.front()));
  EXPECT_TRUE(std::holds_alternative<llm::UsageReported>(deltas.back()));
  int finished = 0;
  for (const llm::Delta& delta : deltas) finished += std::holds_alternative<llm::Finished>(delta);
  EXPECT_EQ(finished, 2);
}

TEST(Assemble, TextOfOneBlockIsJoinedAndOfAnotherIsNot) {
  const llm::Reply reply = assembled({llm::TextDelta{0, 0, "a", {}}, llm::TextDelta{0, 0, "b", {}},
                                      llm::TextDelta{0, 1, "c", {}}});
  ASSERT_EQ(reply.choices[0].blocks.size(), 2U);
  EXPECT_EQ(std::get<llm::Text>(reply.choices[0].blocks[0].content).text, "ab");
}

TEST(Assemble, ChoicesThatComeMixedAreToldApart) {
  const llm::Reply reply =
      assembled({llm::TextDelta{1, 0, "b", {}}, llm::TextDelta{0, 0, "a", {}},
                 llm::TextDelta{1, 0, "b", {}}, llm::TextDelta{0, 0, "a", {}}});
  ASSERT_EQ(reply.choices.size(), 2U);
  EXPECT_EQ(std::get<llm::Text>(reply.choices[0].blocks[0].content).text, "aa");
  EXPECT_EQ(std::get<llm::Text>(reply.choices[1].blocks[0].content).text, "bb");
}

TEST(Assemble, ArgumentsGoToTheirCall) {
  const llm::Reply reply = assembled(
      {llm::ToolCallStarted{0, 0, "x", "f", {}, {}}, llm::ToolCallStarted{0, 1, "y", "g", {}, {}},
       llm::ToolCallArguments{0, 0, "{"}, llm::ToolCallArguments{0, 1, "[]"},
       llm::ToolCallArguments{0, 0, "}"}, llm::ToolCallArguments{0, 7, "lost"}});
  ASSERT_EQ(reply.choices[0].blocks.size(), 2U);
  EXPECT_EQ(std::get<llm::ToolCall>(reply.choices[0].blocks[0].content).arguments, "{}");
  EXPECT_EQ(std::get<llm::ToolCall>(reply.choices[0].blocks[1].content).arguments, "[]");
}

}  // namespace
}  // namespace gatehouse::cache
