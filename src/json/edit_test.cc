#include <gtest/gtest.h>

#include <random>

#include "json/scan.h"
#include "json/value.h"

namespace gatehouse::json {
namespace {

/// An object text with its members, and the patch under test over both.
class Patched {
 public:
  explicit Patched(std::string text)
      : text_(std::move(text)), members_(scan_object(text_).value()), patch_(text_, members_) {}
  ObjectPatch* operator->() { return &patch_; }
  std::string text() const { return apply_edits(text_, patch_.edits()); }

 private:
  std::string text_;
  std::vector<Member> members_;
  ObjectPatch patch_;
};

TEST(ObjectPatch, LeavesEveryOtherByteAsItWas) {
  Patched patched("{ \"x\" : 1.50,\n\t\"model\" : \"a\" , \"y\":\"\\u0041\" }\n");
  patched->set("model", "\"bc\"");
  EXPECT_EQ(patched.text(), "{ \"x\" : 1.50,\n\t\"model\" : \"bc\" , \"y\":\"\\u0041\" }\n");
}

TEST(ObjectPatch, WithoutChangesHasNoEdits) {
  Patched patched(R"({"a":1})");
  patched->remove("b");
  patched->rename("c", "d");
  EXPECT_TRUE(patched->is_empty());
  EXPECT_TRUE(patched->edits().empty());
  EXPECT_EQ(patched.text(), R"({"a":1})");
}

TEST(ObjectPatch, AddsAnAbsentKeyInFront) {
  Patched patched(R"( {"a":1})");
  patched->set("stream", "true");
  EXPECT_EQ(patched.text(), R"( {"stream":true,"a":1})");
}

TEST(ObjectPatch, AddsToAnEmptyObjectWithoutAComma) {
  Patched patched("{ }");
  patched->set("a", "1");
  patched->set("b", "[2]");
  EXPECT_EQ(patched.text(), R"({"a":1,"b":[2] })");
}

TEST(ObjectPatch, SetTwiceKeepsTheLastValue) {
  Patched patched(R"({"a":1})");
  patched->set("a", "2");
  patched->set("a", "3");
  patched->set("b", "4");
  patched->set("b", "5");
  EXPECT_EQ(patched.text(), R"({"b":5,"a":3})");
}

TEST(ObjectPatch, RenamesAndSetsOneMember) {
  Patched patched(R"({"max_completion_tokens":5})");
  patched->rename("max_completion_tokens", "max_tokens");
  patched->set("max_completion_tokens", "6");
  EXPECT_EQ(patched.text(), R"({"max_tokens":6})");
}

TEST(ObjectPatch, ChangesEveryPlaceOfADoubledKey) {
  Patched patched(R"({"model":"a","x":1,"mod\u0065l":"b"})");
  patched->set("model", "\"c\"");
  EXPECT_EQ(patched.text(), R"({"model":"c","x":1,"mod\u0065l":"c"})");
}

TEST(ObjectPatch, RemovesAtBothEndsAndInTheMiddle) {
  constexpr const char* kText = R"({"a":1, "b":2, "c":3})";
  Patched front(kText);
  front->remove("a");
  EXPECT_EQ(front.text(), R"({"b":2, "c":3})");
  Patched middle(kText);
  middle->remove("b");
  EXPECT_EQ(middle.text(), R"({"a":1, "c":3})");
  Patched back(kText);
  back->remove("c");
  EXPECT_EQ(back.text(), R"({"a":1, "b":2})");
}

TEST(ObjectPatch, RemovesNeighboursAndEverything) {
  constexpr const char* kText = R"({"a":1,"b":2,"c":3})";
  Patched last_two(kText);
  last_two->remove("b");
  last_two->remove("c");
  EXPECT_EQ(last_two.text(), R"({"a":1})");
  Patched first_two(kText);
  first_two->remove("b");
  first_two->remove("a");
  EXPECT_EQ(first_two.text(), R"({"c":3})");
  Patched all(kText);
  for (const char* key : {"a", "b", "c"}) all->remove(key);
  EXPECT_EQ(all.text(), "{}");
}

TEST(ObjectPatch, AddsWhereAllOthersGo) {
  Patched patched(R"({"a":1})");
  patched->remove("a");
  patched->set("b", "2");
  EXPECT_EQ(patched.text(), R"({"b":2})");
}

TEST(ObjectPatch, RemovalWinsOverOtherChanges) {
  Patched patched(R"({"a":1,"b":2})");
  patched->set("a", "9");
  patched->rename("a", "z");
  patched->remove("a");
  EXPECT_EQ(patched.text(), R"({"b":2})");
}

TEST(ObjectPatch, GivesSortedEditsThatDoNotOverlap) {
  Patched patched(R"({"a":1,"b":2,"c":3,"d":4})");
  patched->set("d", "40");
  patched->remove("a");
  patched->set("new", "0");
  patched->rename("b", "bb");
  std::size_t at = 0;
  for (const Edit& edit : patched->edits()) {
    EXPECT_GE(edit.offset, at);
    at = edit.offset + edit.length;
  }
  EXPECT_EQ(patched.text(), R"({"new":0,"bb":2,"c":3,"d":40})");
}

TEST(ObjectPatch, EditsANearlyMegabyteTextAtBothEnds) {
  const std::string big(1'000'000, 'x');
  Patched patched("{\"a\":1,\"big\":\"" + big + "\",\"z\":1}");
  patched->set("a", "22");
  patched->remove("z");
  EXPECT_EQ(patched.text(), "{\"a\":22,\"big\":\"" + big + "\"}");
}

TEST(ObjectPatch, SplicesInsideAValue) {
  const std::string text = R"({"a":1,"messages":[{"role":"developer"},{"role":"user"}],"b":2})";
  const std::vector<Member> members = scan_object(text).value();
  ObjectPatch patch(text, members);
  patch.splice(std::string_view(text).substr(text.find("\"developer\""), 11), "\"system\"");
  patch.set("b", "3");
  EXPECT_EQ(apply_edits(text, patch.edits()),
            R"({"a":1,"messages":[{"role":"system"},{"role":"user"}],"b":3})");
  patch.remove("messages");
  EXPECT_EQ(apply_edits(text, patch.edits()), R"({"a":1,"b":3})");
}

// The model of what a patch means: the same changes on a tree.
TEST(ObjectPatch, AgreesWithTheSameChangesOnATree) {
  std::mt19937 random(11);
  for (int round = 0; round < 5'000; ++round) {
    Object expected;
    std::string text = "{";
    const std::size_t count = random() % 6;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string key(1, static_cast<char>('a' + i));
      text += (i > 0 ? " ,\n" : " ") + quote(key) + ": " + std::to_string(i);
      expected[key] = static_cast<std::int64_t>(i);
    }
    Patched patched(text + (random() % 2 == 0 ? " }" : "}"));
    for (std::size_t change = random() % 4; change > 0; --change) {
      const std::string key(1, static_cast<char>('a' + random() % 8));
      if (random() % 2 == 0) {
        patched->remove(key);
        expected.erase(key);
      } else if (expected.contains(key) || key > "e") {
        patched->set(key, "77");
        expected[key] = 77;
      }
    }
    const Result<Value> tree = parse(patched.text());
    ASSERT_TRUE(tree.has_value()) << patched.text();
    EXPECT_EQ(tree->as_object(), expected) << patched.text();
  }
}

}  // namespace
}  // namespace gatehouse::json
