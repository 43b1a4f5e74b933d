#include "cache/semantic_question.h"

#include <gtest/gtest.h>

namespace gatehouse::cache {
namespace {

using exchange::Endpoint;

std::optional<SemanticQuestion> chat(std::string_view messages, std::string_view more = "") {
  std::string body = R"({"model":"m")";
  body.append(more).append(R"(,"messages":)").append(messages).append("}");
  return read_semantic_question(Endpoint::chat_complete, body);
}

constexpr std::string_view kHello = R"([{"role":"user","content":"Hello"}])";

TEST(SemanticQuestion, TheUsersTextIsTakenOutOfWhatMustBeTheSame) {
  const auto one = chat(kHello);
  const auto two = chat(R"([{"role":"user","content":"Hi there"}])");
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->text, "Hello");
  EXPECT_EQ(two->text, "Hi there");
  EXPECT_EQ(one->rest, two->rest);
}

TEST(SemanticQuestion, EverythingElseMustBeTheSame) {
  const std::string rest = chat(kHello)->rest;
  EXPECT_NE(chat(kHello, R"(,"temperature":0)")->rest, rest);
  EXPECT_NE(chat(kHello, R"(,"tools":[])")->rest, rest);
  EXPECT_NE(
      chat(R"([{"role":"system","content":"Be brief"},{"role":"user","content":"Hello"}])")->rest,
      rest);
  EXPECT_NE(chat(R"([{"role":"user","name":"bob","content":"Hello"}])")->rest, rest);
}

TEST(SemanticQuestion, HowTheAnswerTravelsNeedNotBeTheSame) {
  EXPECT_EQ(chat(kHello, R"(,"stream":true)")->rest, chat(kHello)->rest);
}

TEST(SemanticQuestion, TextInPartsIsTextAndPicturesMustBeTheSame) {
  const auto with = [](std::string_view text, std::string_view url) {
    return chat(R"([{"role":"user","content":[{"type":"text","text":")" + std::string(text) +
                R"("},{"type":"image_url","image_url":{"url":")" + std::string(url) + R"("}}]}])");
  };
  ASSERT_TRUE(with("Hello", "a"));
  EXPECT_EQ(with("Hello", "a")->text, "Hello");
  EXPECT_EQ(with("Hello", "a")->rest, with("Hi", "a")->rest);
  EXPECT_NE(with("Hello", "a")->rest, with("Hello", "b")->rest);
}

TEST(SemanticQuestion, NumbersMustBeTheSame) {
  const auto asked = [](std::string_view text) {
    return chat(R"([{"role":"user","content":")" + std::string(text) + R"("}])")->rest;
  };
  EXPECT_EQ(asked("What is 2+2?"), asked("2 and 2: what is it?"));
  EXPECT_NE(asked("What is 2+2?"), asked("What is 2+3?"));
  EXPECT_NE(asked("Room 12"), asked("Room 1 2"));
}

TEST(SemanticQuestion, ATextCompletionIsAskedByItsPrompt) {
  const auto question =
      read_semantic_question(Endpoint::complete, R"({"prompt":"Once upon","model":"m"})");
  ASSERT_TRUE(question);
  EXPECT_EQ(question->text, "Once upon");
  EXPECT_FALSE(read_semantic_question(Endpoint::complete, R"({"prompt":["a","b"],"model":"m"})"));
}

TEST(SemanticQuestion, OtherRequestsHaveNone) {
  EXPECT_FALSE(chat("[]"));
  EXPECT_FALSE(chat(R"([{"role":"system","content":"Hello"}])"));
  EXPECT_FALSE(chat(R"([{"role":"user","content":""}])"));
  EXPECT_FALSE(chat(R"([{"role":"user","content":")" + std::string(40'000, 'x') + R"("}])"));
  const std::string one = R"({"role":"user","content":"a"})";
  EXPECT_TRUE(chat("[" + one + "," + one + "," + one + "," + one + "]"));
  EXPECT_FALSE(chat("[" + one + "," + one + "," + one + "," + one + "," + one + "]"));
  EXPECT_FALSE(chat(R"([7])"));
  EXPECT_FALSE(read_semantic_question(Endpoint::embed, R"({"input":"Hello"})"));
  EXPECT_FALSE(read_semantic_question(Endpoint::chat_complete, "no JSON"));
}

}  // namespace
}  // namespace gatehouse::cache
