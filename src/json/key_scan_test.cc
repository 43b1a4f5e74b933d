#include "json/key_scan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse::json {
namespace {

using Keys = std::vector<std::string>;

Keys keys_of(std::string_view text) {
  Keys keys;
  KeyScan scan(text);
  while (scan.next()) keys.emplace_back(scan.key());
  return keys;
}

TEST(KeyScan, FindsTheKeysOfEveryDepthInOrder) {
  EXPECT_EQ(
      keys_of(R"({"id":"x","choices":[{"index":0,"delta":{"content":"Hello"}}],"usage":null})"),
      (Keys{"id", "choices", "index", "delta", "content", "usage"}));
}

TEST(KeyScan, TakesBlanksOnBothSidesOfTheColon) {
  EXPECT_EQ(keys_of("{ \"a\" : 1,\n  \"b\"\t:\r\n \"c\" }"), (Keys{"a", "b"}));
}

TEST(KeyScan, DoesNotTakeWhatStandsInsideAString) {
  EXPECT_EQ(keys_of(R"({"text":"say \"usage\": {} and \\\"model\\\":"})"), Keys{"text"});
}

TEST(KeyScan, KnowsAKeyThatEndsInABackslashFromAnEscapedQuote) {
  EXPECT_EQ(keys_of(R"({"a\\":1,"b":2})"), (Keys{R"(a\\)", "b"}));
}

TEST(KeyScan, DoesNotTakeTheEndOfAKeyForTheKey) {
  KeyScan scan(R"({"a\"usage":1,"total_usage":2})");
  while (scan.next()) EXPECT_FALSE(scan.is("usage"));
}

TEST(KeyScan, TellsAKeyByItsName) {
  KeyScan scan(R"({"model":1})");
  ASSERT_TRUE(scan.next());
  EXPECT_EQ(scan.last(), 'l');
  EXPECT_TRUE(scan.is("model"));
  EXPECT_FALSE(scan.is("odel"));
  EXPECT_FALSE(scan.is("{model"));
  EXPECT_FALSE(scan.is("a_much_longer_name_than_there_is"));
}

TEST(KeyScan, TakesNoStringThatBeginsWithAColonForAKey) {
  KeyScan scan(R"({"a":":usage","usage":":model","model":": "})");
  int usages = 0;
  int models = 0;
  while (scan.next()) {
    usages += scan.is("usage") ? 1 : 0;
    models += scan.is("model") ? 1 : 0;
  }
  EXPECT_EQ(usages, 1);
  EXPECT_EQ(models, 1);
}

TEST(KeyScan, ShowsWhatFollowsTheColon) {
  KeyScan scan(R"({"model" :  "m-1","n":2})");
  ASSERT_TRUE(scan.next());
  EXPECT_EQ(scan.after(), R"("m-1","n":2})");
}

TEST(KeyScan, SkipsTheKeysOfAValue) {
  KeyScan scan(R"({"usage":{"a":1,"b":2},"c":3})");
  ASSERT_TRUE(scan.next());
  scan.skip(std::string_view(R"({"a":1,"b":2})").size());
  ASSERT_TRUE(scan.next());
  EXPECT_EQ(scan.key(), "c");
  EXPECT_FALSE(scan.next());
}

TEST(KeyScan, FindsAKeyWhereverItStandsInABlock) {
  for (std::size_t pad = 0; pad < 80; ++pad) {
    const std::string text = "{\"" + std::string(pad, 'p') + "\":0,\"usage\":{}}";
    const Keys keys = keys_of(text);
    ASSERT_FALSE(keys.empty());
    EXPECT_EQ(keys.back(), "usage");
  }
}

TEST(KeyScan, PassesOverKeysThatEndInOtherLettersButOverNoneThatIsWanted) {
  const std::string text =
      R"({"id":1,"model":"m","choices":[{"delta":{"role":"a"}}],"usage":null})";
  KeyScan scan(text, LastLetters("le"));
  Keys keys;
  while (scan.next()) keys.emplace_back(scan.key());
  EXPECT_EQ(keys, (Keys{"model", "role", "usage"}));
}

TEST(KeyScan, HoldsOnTextsThatAreCutAnywhere) {
  const std::string text = R"({"a":"b\"c","usage" : {"total_tokens":1}})";
  for (std::size_t from = 0; from <= text.size(); ++from) {
    for (std::size_t to = from; to <= text.size(); ++to) {
      const std::string_view part = std::string_view(text).substr(from, to - from);
      KeyScan scan(part);
      while (scan.next()) {
        EXPECT_TRUE(part.ends_with(scan.after()));
        EXPECT_TRUE(!scan.is("usage") || part.contains(R"("usage" :)"));
      }
    }
  }
}

}  // namespace
}  // namespace gatehouse::json
