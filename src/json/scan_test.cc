#include "json/scan.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "json/value.h"

namespace gatehouse::json {
namespace {

/// Scans a copy that ends where its heap block ends, so that AddressSanitizer sees any read beyond
/// it.
class ExactCopy {
 public:
  explicit ExactCopy(std::string_view text)
      : bytes_(std::make_unique<char[]>(text.size())), size_(text.size()) {
    std::copy(text.begin(), text.end(), bytes_.get());
  }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

std::vector<Member> members_of(std::string_view text) {
  Result<std::vector<Member>> found = scan_object(text);
  EXPECT_TRUE(found.has_value()) << text << "\n" << found.error()->message;
  return found.value_or(std::vector<Member>{});
}

std::string message_for(std::string_view text) {
  const ExactCopy copy(text);
  const Result<std::vector<Member>> found = scan_object(copy.view());
  if (found) return "no error";
  EXPECT_EQ(found.error()->code, ErrorCode::invalid_request);
  return found.error()->message;
}

TEST(ScanObject, GivesMembersInOrderWithTheirPlaces) {
  constexpr std::string_view kText =
      R"({"model":"gpt-4o", "messages" : [{"role":"user","content":"a ] } \" b"}] ,"stream":true})";
  const std::vector<Member> members = members_of(kText);
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].key, "model");
  EXPECT_EQ(members[0].value, "\"gpt-4o\"");
  EXPECT_EQ(members[1].key, "messages");
  EXPECT_EQ(members[1].value, R"([{"role":"user","content":"a ] } \" b"}])");
  EXPECT_EQ(members[2].key, "stream");
  EXPECT_TRUE(members[2].is_true());
  for (const Member& member : members) {
    EXPECT_EQ(kText.substr(member.value_offset, member.value.size()), member.value);
    EXPECT_EQ(kText.substr(member.key_offset + 1, member.key.size()), member.key);
  }
}

TEST(ScanObject, TellsKindsOfValuesApart) {
  const std::vector<Member> members =
      members_of(R"({"s":"x","o":{},"a":[],"t":true,"f":false,"z":null,"n":-1.5e+3})");
  ASSERT_EQ(members.size(), 7U);
  EXPECT_TRUE(members[0].is_string());
  EXPECT_TRUE(members[1].is_object());
  EXPECT_TRUE(members[2].is_array());
  EXPECT_TRUE(members[3].is_true());
  EXPECT_FALSE(members[4].is_true());
  EXPECT_EQ(members[5].value, "null");
  EXPECT_EQ(members[6].value, "-1.5e+3");
}

TEST(ScanObject, TakesAnEmptyObjectWithAndWithoutSpace) {
  EXPECT_TRUE(members_of("{}").empty());
  EXPECT_TRUE(members_of(" \r\n\t{ \n } \n").empty());
}

TEST(ScanObject, LeavesSpaceOutsideOfValues) {
  const std::vector<Member> members = members_of("\n{ \"a\" :\t1 , \"b\"\n:\n\"x y\"\n}\n");
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].value, "1");
  EXPECT_EQ(members[1].value, "\"x y\"");
}

TEST(ScanObject, ScansANestedObjectByItsRawText) {
  const std::vector<Member> outer = members_of(R"({"stream_options":{"include_usage":true}})");
  const std::vector<Member> inner = members_of(outer[0].value);
  ASSERT_NE(find(inner, "include_usage"), nullptr);
  EXPECT_TRUE(find(inner, "include_usage")->is_true());
}

TEST(ScanObject, RefusesWhatIsNoObject) {
  EXPECT_NE(message_for("[1,2]").find("a JSON object is expected"), std::string::npos);
  EXPECT_NE(message_for("\"text\"").find("a JSON object is expected"), std::string::npos);
  EXPECT_NE(message_for("42").find("a JSON object is expected"), std::string::npos);
  EXPECT_NE(message_for("").find("the text is empty"), std::string::npos);
  EXPECT_NE(message_for(" \n ").find("the text is empty"), std::string::npos);
  EXPECT_NE(message_for("model=gpt-4o").find("a JSON object is expected"), std::string::npos);
}

TEST(ScanObject, NamesTheByteThatIsWrong) {
  EXPECT_EQ(message_for(R"({"a":1} x)"),
            "The JSON is not valid at byte 8: nothing may follow the last bracket.");
  EXPECT_EQ(message_for(R"({"a":1}{})"),
            "The JSON is not valid at byte 7: nothing may follow the last bracket.");
  EXPECT_EQ(message_for(R"({"a" 1})"),
            "The JSON is not valid at byte 5: ':' is expected after a key.");
  EXPECT_EQ(message_for(R"({"a":1 "b":2})"),
            "The JSON is not valid at byte 7: ',' or '}' is expected after a value.");
  EXPECT_EQ(message_for(R"({"a":1,})"),
            "The JSON is not valid at byte 7: a key in double quotes is expected.");
  EXPECT_EQ(message_for(R"({"a":,"b":1})"),
            "The JSON is not valid at byte 5: a value is expected.");
  EXPECT_EQ(message_for(R"({"a":[1,{"b":2]})"),
            "The JSON is not valid at byte 14: this bracket closes another kind.");
  EXPECT_EQ(message_for(R"({"a":[1,2)"),
            "The JSON is not valid at byte 9: an object or array is not closed.");
  EXPECT_EQ(message_for(R"({"a":"xyz)"),
            "The JSON is not valid at byte 5: a string is not closed.");
  EXPECT_EQ(message_for("{\"a\":\"x\ny\"}"),
            "The JSON is not valid at byte 7: a control character in a string must be escaped.");
  EXPECT_EQ(message_for("{\"a\":\"\xC3\xA9\xFF\"}"),
            "The JSON is not valid at byte 8: the text must be UTF-8.");
}

TEST(ScanObject, RefusesScalarsThatJsonDoesNotHave) {
  for (const std::string_view value :
       {"tru", "True",   "nul",       "NaN",    "Infinity",  "01",   "-",
        "+1",  "1.",     ".5",        "1e",     "1e+",       "0x10", "'x'",
        "1 2", "\"a\"b", "true\"x\"", "1\"x\"", "undefined", "--1",  "1.e5"}) {
    const std::string text = "{\"a\":" + std::string(value) + "}";
    EXPECT_NE(message_for(text), "no error") << text;
  }
}

TEST(ScanObject, TakesEveryNumberOfTheGrammar) {
  for (const std::string_view value : {"0", "-0", "10", "0.5", "-12.25", "1e5", "1E-5", "0e+0",
                                       "123456789012345678901234567890", "1.0e10"}) {
    const std::string text = "{\"a\":" + std::string(value) + "}";
    const std::vector<Member> members = members_of(text);
    ASSERT_EQ(members.size(), 1U);
    EXPECT_EQ(members[0].value, value);
  }
}

TEST(ScanObject, RefusesWrongUtf8OfEveryKind) {
  for (const std::string_view wrong :
       {"\xFF", "\xC0\xAF", "\xC3", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"}) {
    const std::string text = "{\"a\":\"" + std::string(wrong) + "\"}";
    EXPECT_NE(message_for(text).find("must be UTF-8"), std::string::npos) << text;
  }
  EXPECT_NE(message_for("\xEF\xBB\xBF{}").find("a JSON object is expected"), std::string::npos);
}

TEST(ScanObject, FailsCleanlyWhereverTheTextIsCut) {
  constexpr std::string_view kText =
      "{\"model\":\"gpt-4o\",\"n\":12,\"\xC3\xA4\xF0\x9F\x98\x80\":{\"a\":[1,{\"b\":\"c\\\"\"}]},"
      "\"t\":true,\"esc\\u0041\":null}";
  for (std::size_t length = 0; length < kText.size(); ++length) {
    EXPECT_NE(message_for(kText.substr(0, length)), "no error") << kText.substr(0, length);
  }
  const ExactCopy whole(kText);
  EXPECT_EQ(members_of(whole.view()).size(), 5U);
}

TEST(ScanObject, FindsTheEndOfAStringOfAnyLength) {
  for (std::size_t pad = 0; pad < 150; ++pad) {
    const std::string filler(pad, 'x');
    const std::string text =
        "{\"a\":\"" + filler + "\\\"" + filler + "\",\"b\":[{\"c\":\"" + filler + "]\"}]}";
    const ExactCopy copy(text);
    const std::vector<Member> members = members_of(copy.view());
    ASSERT_EQ(members.size(), 2U);
    EXPECT_EQ(members[0].value, "\"" + filler + "\\\"" + filler + "\"");
    EXPECT_EQ(members[1].value, "[{\"c\":\"" + filler + "]\"}]");
  }
}

TEST(ScanObject, PairsBackslashesBeforeQuotesInAndOutsideOfStrings) {
  EXPECT_EQ(members_of(R"({"a":"x\\","b":"\\\""})").size(), 2U);
  EXPECT_EQ(members_of(R"({"a":[\"],"b":1})").size(), 2U);
  EXPECT_EQ(members_of(R"({"a":[\\"]"],"b":1})").size(), 2U);
  EXPECT_EQ(message_for(R"({"a":1,\"b":2})"),
            "The JSON is not valid at byte 7: a key in double quotes is expected.");
  EXPECT_EQ(message_for("{\"a\":\"x\\\ny\"}"),
            "The JSON is not valid at byte 8: a control character in a string must be escaped.");
}

TEST(ScanObject, SurvivesAnyByteInAnyPlace) {
  constexpr std::string_view kText = R"({"a":"b\n","c":[{"d":1},2,"e"],"f":-0.5,"g":null})";
  for (std::size_t i = 0; i < kText.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed(kText);
      changed[i] = static_cast<char>(byte);
      const ExactCopy copy(changed);
      if (const auto found = scan_object(copy.view())) {
        EXPECT_FALSE(found->empty());
      } else {
        EXPECT_FALSE(found.error()->message.empty());
      }
    }
  }
}

TEST(ScanObject, TakesWhateverTheTreeParserTakes) {
  std::mt19937 random(7);
  constexpr std::string_view kAlphabet = R"({}[]:,"\ atrue1-.e0)";
  int both = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text = "{\"a\":";
    const std::size_t length = random() % 8;
    for (std::size_t i = 0; i < length; ++i) text += kAlphabet[random() % kAlphabet.size()];
    text += '}';
    if (!parse(text)) continue;
    ++both;
    EXPECT_TRUE(scan_object(text).has_value()) << text;
  }
  EXPECT_GT(both, 100);
}

TEST(ScanObject, WalksAHundredThousandLevels) {
  constexpr std::size_t kDepth = 100'000;
  const std::string open(kDepth, '[');
  const std::string close(kDepth, ']');
  const std::string text = "{\"a\":" + open + close + "}";
  ASSERT_EQ(members_of(text).size(), 1U);
  EXPECT_NE(message_for("{\"a\":" + open), "no error");
  EXPECT_NE(message_for("{\"a\":" + open + close.substr(1) + "}}"), "no error");
}

TEST(ScanObject, ReadsTextsOfAMegabyte) {
  const std::string big(1'000'000, 'x');
  const std::string text = "{\"first\":1,\"big\":\"" + big + "\",\"last\":{\"a\":2}}";
  const ExactCopy copy(text);
  const std::vector<Member> members = members_of(copy.view());
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[1].value.size(), big.size() + 2);
  EXPECT_EQ(members[2].value, "{\"a\":2}");
}

TEST(ScanObject, ReadsAHundredThousandMembers) {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i)
    text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  text.back() = '}';
  const std::vector<Member> members = members_of(text);
  ASSERT_EQ(members.size(), 100'000U);
  EXPECT_EQ(members.back().key, "k99999");
}

TEST(ScanArray, GivesTheRawElementsInOrder) {
  constexpr std::string_view kText = R"( [ {"role":"user"}, "x,]" ,[1,[2]],-1.5,null ])";
  const Result<std::vector<std::string_view>> elements = scan_array(kText);
  ASSERT_TRUE(elements.has_value()) << elements.error()->message;
  EXPECT_EQ(*elements, (std::vector<std::string_view>{R"({"role":"user"})", "\"x,]\"", "[1,[2]]",
                                                      "-1.5", "null"}));
  for (const std::string_view element : *elements) {
    EXPECT_EQ(kText.substr(static_cast<std::size_t>(element.data() - kText.data()), element.size()),
              element);
  }
  EXPECT_TRUE(scan_array("[]").value().empty());
}

TEST(ScanArray, RefusesWhatIsNoArrayAndNamesTheByte) {
  EXPECT_FALSE(scan_array("{}").has_value());
  EXPECT_FALSE(scan_array("").has_value());
  EXPECT_FALSE(scan_array("[1,]").has_value());
  EXPECT_FALSE(scan_array("[1").has_value());
  EXPECT_EQ(scan_array("[1 2]").error()->message,
            "The JSON is not valid at byte 3: ',' or ']' is expected after a value.");
}

TEST(Find, GivesNothingForAnAbsentKey) {
  EXPECT_EQ(find(members_of(R"({"models":1,"mode":2})"), "model"), nullptr);
}

TEST(Find, GivesTheLastOfTwoEqualKeysAsReadersDo) {
  const std::vector<Member> members = members_of(R"({"model":"a","model":"b"})");
  EXPECT_EQ(find(members, "model")->value, "\"b\"");
}

TEST(Find, SeesThroughEscapesInKeys) {
  const std::vector<Member> members = members_of(R"({"mod\u0065l":"a","x\"y":1,"stre\\am":true})");
  ASSERT_NE(find(members, "model"), nullptr);
  EXPECT_EQ(find(members, "model")->value, "\"a\"");
  EXPECT_NE(find(members, "x\"y"), nullptr);
  EXPECT_EQ(find(members, "stream"), nullptr);
}

}  // namespace
}  // namespace gatehouse::json
