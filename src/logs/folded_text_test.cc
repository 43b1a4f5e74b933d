#include "logs/folded_text.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace gatehouse::logs {
namespace {

void alike(std::initializer_list<Replacement> replacements, std::string& into) {
  fold_alike(std::span(replacements.begin(), replacements.size()), into);
}

/// Two events as they came, and after each of them two that are like it.
std::string folded_events() {
  std::string folded;
  fold_as_is("say <one> to <you>\n", folded);
  alike({{5, 3, "something"}, {14, 3, ""}}, folded);
  alike({}, folded);
  fold_as_is(std::string(300, 'x'), folded);
  alike({{0, 300, "nothing is left"}}, folded);
  alike({{300, 0, "!"}}, folded);
  return folded;
}

const std::string kUnfolded = "say <one> to <you>\nsay <something> to <>\nsay <one> to <you>\n" +
                              std::string(300, 'x') + "nothing is left" + std::string(300, 'x') +
                              "!";

TEST(FoldedText, UnfoldsToWhatWasFolded) {
  EXPECT_EQ(unfolded(folded_events()), kUnfolded);
  EXPECT_EQ(unfolded(""), "");
}

TEST(FoldedText, TakesFewBytesForAPieceThatIsLikeAnother) {
  std::string folded;
  fold_as_is(std::string(240, 'x'), folded);
  const std::size_t before = folded.size();
  alike({{100, 5, "word"}}, folded);
  EXPECT_EQ(folded.size() - before, 8U);
}

TEST(FoldedText, GivesThePiecesThatStandAsTheyCame) {
  EXPECT_EQ(pieces_as_is(folded_events()), "say <one> to <you>\n" + std::string(300, 'x'));
}

TEST(FoldedText, OfDamagedBytesGivesWhatStandsBeforeTheDamage) {
  const std::string folded = folded_events();
  for (std::size_t cut = 0; cut < folded.size(); ++cut) {
    const std::string text = unfolded(folded.substr(0, cut));
    EXPECT_TRUE(kUnfolded.starts_with(text));
    EXPECT_LT(text.size(), kUnfolded.size());
  }
  EXPECT_EQ(unfolded("\x01"), "");               // like one that is not there
  EXPECT_EQ(unfolded("\x03\x05\x01\x01x"), "");  // a replacement behind its end
  EXPECT_EQ(unfolded("\xFF"), "");
}

TEST(FoldedText, DoesNotUnfoldBeyondItsLimit) {
  std::string folded;
  fold_as_is(std::string(1000, 'x'), folded);
  for (int i = 0; i < 1000; ++i) alike({}, folded);
  EXPECT_EQ(unfolded(folded, 10'500).size(), 10'000U);
  EXPECT_EQ(unfolded(folded, 999), "");
}

}  // namespace
}  // namespace gatehouse::logs
