#include "demo/tokens.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gatehouse::demo {
namespace {

TEST(Tokens, AreWordsPiecesOfLongWordsAndSigns) {
  EXPECT_EQ(split_tokens("Hello, wonderful  world"),
            (std::vector<std::string_view>{"Hello", ",", " wonder", "ful", "  world"}));
}

TEST(Tokens, DoNotCutACharacterApart) {
  EXPECT_EQ(split_tokens("abcde\xF0\x9F\x98\x80x"),
            (std::vector<std::string_view>{"abcde\xF0\x9F\x98\x80", "x"}));
}

TEST(Tokens, JoinToTheTextWhateverItIs) {
  std::mt19937 random(3);
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (std::size_t i = random() % 40; i > 0; --i) text += static_cast<char>(random());
    std::string joined;
    for (const std::string_view token : split_tokens(text)) {
      EXPECT_FALSE(token.empty());
      joined += token;
    }
    EXPECT_EQ(joined, text);
    EXPECT_EQ(count_tokens(text), static_cast<std::int64_t>(split_tokens(text).size()));
  }
}

}  // namespace
}  // namespace gatehouse::demo
