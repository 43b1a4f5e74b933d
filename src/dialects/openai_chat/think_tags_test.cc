#include "dialects/openai_chat/think_tags.h"

#include <gtest/gtest.h>

namespace gatehouse::dialects::openai_chat {
namespace {

ThinkTags::Split split(std::initializer_list<std::string_view> pieces) {
  ThinkTags tags;
  ThinkTags::Split all;
  const auto add = [&](const ThinkTags::Split& part) {
    all.thoughts += part.thoughts;
    all.text += part.text;
  };
  for (const std::string_view piece : pieces) add(tags.take(piece));
  add(tags.finish());
  return all;
}

void expect_split(std::initializer_list<std::string_view> pieces, std::string_view thoughts,
                  std::string_view text) {
  const ThinkTags::Split got = split(pieces);
  EXPECT_EQ(got.thoughts, thoughts);
  EXPECT_EQ(got.text, text);
}

TEST(ThinkTags, ThoughtsAtTheStartAreTakenOut) {
  expect_split({"<think>Hm.</think>\n\nYes."}, "Hm.", "Yes.");
  expect_split({"\n <think>Hm.</think>Yes."}, "Hm.", "Yes.");
}

TEST(ThinkTags, TheSameHoweverTheAnswerIsCut) {
  const std::string_view answer = "\n<think>a < b </ c</think>\n\nYes </think> no";
  for (std::size_t i = 0; i <= answer.size(); ++i) {
    for (std::size_t j = i; j <= answer.size(); ++j) {
      expect_split({answer.substr(0, i), answer.substr(i, j - i), answer.substr(j)}, "a < b </ c",
                   "Yes </think> no");
    }
  }
}

TEST(ThinkTags, TextWithoutThoughtsStaysAsItIs) {
  expect_split({"  Yes."}, "", "  Yes.");
  expect_split({"Use the <think> tag."}, "", "Use the <think> tag.");
  expect_split({"<thi", "nk tank"}, "", "<think tank");
  expect_split({"<th"}, "", "<th");
  expect_split({""}, "", "");
}

TEST(ThinkTags, ThoughtsThatNeverEndAreThoughts) {
  expect_split({"<think>Hm.</thi"}, "Hm.</thi", "");
}

TEST(ThinkTags, TextThatIsCertainIsNotHeldBack) {
  ThinkTags tags;
  EXPECT_EQ(tags.take("<think>ab").thoughts, "ab");
  EXPECT_EQ(tags.take("c</think>").thoughts, "c");
  EXPECT_EQ(tags.take("\nYes").text, "Yes");
  EXPECT_EQ(tags.take(" and ").text, " and ");
}

}  // namespace
}  // namespace gatehouse::dialects::openai_chat
