#include "cache/key.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"
#include "cache/canonical_body.h"

namespace gatehouse::cache {
namespace {

TEST(KeyParts, TheSamePartsMakeTheSameKey) {
  EXPECT_EQ(KeyParts().add("tenant").with("body"), KeyParts().add("tenant").with("body"));
}

TEST(KeyParts, WherePartsEndMakesAnotherKey) {
  EXPECT_NE(KeyParts().add("ab").with("c"), KeyParts().add("a").with("bc"));
  EXPECT_NE(KeyParts().add("").with("a"), KeyParts().add("a").with(""));
}

TEST(KeyParts, IsTheSha256OfWhatWasAdded) {
  // The length of an empty part: eight zero bytes.
  EXPECT_EQ(KeyParts().with("").hex(),
            "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc");
}

TEST(CanonicalBody, LeavesOutHowTheAnswerTravels) {
  EXPECT_EQ(
      canonical_body(R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})"),
      canonical_body(R"({"model":"m"})"));
  EXPECT_EQ(canonical_body(R"({"model":"m","str\u0065am":true})"),
            canonical_body(R"({"model":"m"})"));
}

TEST(CanonicalBody, DoesNotCareAboutBlanksAndTheOrderOfMembers) {
  EXPECT_EQ(canonical_body("{ \"b\" : [ 1 , {\"c\": \"x y\"} ],\n \"a\": 2 }"),
            canonical_body(R"({"a":2,"b":[1,{"c":"x y"}]})"));
}

TEST(CanonicalBody, KeepsTextsAsTheyAre) {
  EXPECT_EQ(canonical_body(R"({"a":"two  words \" { \\"})"), R"({"a":"two  words \" { \\",})");
}

TEST(CanonicalBody, TellsEveryOtherDifferenceApart) {
  const std::set<std::optional<std::string>> all = {
      canonical_body(R"({"temperature":1})"),      canonical_body(R"({"temperature":0})"),
      canonical_body(R"({"temperature":"1"})"),    canonical_body(R"({"a":{"stream":true}})"),
      canonical_body(R"({"a":{"stream":false}})"), canonical_body(R"({"a":1,"a":2})"),
      canonical_body(R"({"a":2,"a":1})")};
  EXPECT_EQ(all.size(), 7U);
}

TEST(CanonicalBody, IsNothingForWhatIsNoObject) {
  for (const char* text : {"", "[]", "1", "{", "{\"a\":}", "\xFF"}) {
    EXPECT_EQ(canonical_body(text), std::nullopt) << text;
  }
}

TEST(CanonicalBody, NoTwoTenantsEverShareAKey) {
  // The same few words in every place, so that what separates them is their place alone.
  FastRandom random{20};
  const auto word = [&random] { return std::string(random.bits() % 3, 'a'); };
  std::set<std::vector<std::string>> parts;
  std::set<Key> keys;
  for (int i = 0; i < 5000; ++i) {
    const std::vector<std::string> one = {word(), word(), word(), word()};
    parts.insert(one);
    keys.insert(KeyParts().add(one[0]).add(one[1]).add(one[2]).with(one[3]));
  }
  EXPECT_EQ(parts.size(), 81U);
  EXPECT_EQ(keys.size(), parts.size());
}

}  // namespace
}  // namespace gatehouse::cache
