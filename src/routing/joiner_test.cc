#include "routing/joiner.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"
#include "routing/recover_stream.h"

namespace gatehouse::routing {
namespace {

const std::string kAnswer =
    "A gateway earns trust when the provider behind it misbehaves, since only then it is needed.";

/// What the client reads in the end: what it had, and what the joiner lets through.
Result<std::string> joined(const std::string& sent, const std::vector<std::string>& pieces) {
  Joiner joiner(sent);
  std::string text = sent;
  for (const std::string& piece : pieces) {
    Result<std::string> more = joiner.feed(piece);
    if (!more) return more;
    text += *more;
  }
  Result<std::string> last = joiner.finish();
  if (!last) return last;
  return text + *last;
}

std::vector<std::string> cut_by(const std::string& text, FastRandom& random) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = 1 + random.bits() % 9;
    pieces.push_back(text.substr(at, size));
    at += size;
  }
  return pieces;
}

TEST(Joiner, GivesOneTextWhereverTheFirstWasCutAndHoweverTheSecondComes) {
  FastRandom random(3);
  for (std::size_t at = 1; at < kAnswer.size(); ++at) {
    const std::string sent = kAnswer.substr(0, at);
    const auto repeated = joined(sent, cut_by(kAnswer, random));
    ASSERT_TRUE(repeated) << at;
    EXPECT_EQ(*repeated, kAnswer) << "repeated from the start, cut at " << at;
    // A continuation that begins like the answer itself is told apart by its length alone.
    const auto continued = joined(sent, cut_by(kAnswer.substr(at), random));
    ASSERT_TRUE(continued) << at;
    if (at >= 3) EXPECT_EQ(*continued, kAnswer) << "continued, cut at " << at;
  }
}

TEST(Joiner, DoesNotDoubleTheBlankAtTheSeam) {
  EXPECT_EQ(joined("one two ", {" three"}).value(), "one two three");
  EXPECT_EQ(joined("one two", {" three"}).value(), "one two three");
  EXPECT_EQ(joined("one two ", {"three"}).value(), "one two three");
}

TEST(Joiner, RefusesAnAnswerThatBeginsAnewAndGoesElsewhere) {
  const std::string sent = kAnswer.substr(0, 60);
  EXPECT_FALSE(joined(sent, {kAnswer.substr(0, 40) + "ELSEWHERE and so on, quite another text"}));
  EXPECT_FALSE(joined(sent, {kAnswer.substr(0, 50)})) << "it ended before it had caught up";
}

TEST(Joiner, PassesEverythingWhenNothingWasSent) {
  EXPECT_EQ(joined("", {"a", "b"}).value(), "ab");
  EXPECT_EQ(joined("  ", {"a"}).value(), "  a");
}

TEST(ContinuedRequest, AddsTheTextAsThePrefillOrWithARequestToGoOn) {
  constexpr std::string_view kBody =
      R"({"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true})";
  EXPECT_EQ(
      continued_request(kBody, {"half an ", ContinueBy::prefill}).value(),
      R"({"model":"m","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"half an"}],"stream":true})");
  const auto asked = continued_request(kBody, {"half an ", ContinueBy::asking});
  ASSERT_TRUE(asked);
  EXPECT_NE(asked->find(R"("content":"half an "},{"role":"user","content":")"), std::string::npos);
  EXPECT_FALSE(continued_request(R"({"messages":3})", {"x", ContinueBy::asking}));
}

}  // namespace
}  // namespace gatehouse::routing
