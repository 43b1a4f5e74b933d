#include <gtest/gtest.h>

#include "json/scan.h"
#include "json/value.h"

namespace gatehouse::json {
namespace {

TEST(Unescape, ResolvesEveryShortEscape) {
  EXPECT_EQ(unescape(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
}

TEST(Unescape, ResolvesCodePointsOfEachLength) {
  EXPECT_EQ(unescape(R"("\u0041\u00e9\u20AC\ud83d\ude00")"),
            "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(unescape(R"("a\u0000b")"), std::string("a\0b", 3));
}

TEST(Unescape, PutsTheReplacementCharacterForHalfASurrogatePair) {
  EXPECT_EQ(unescape(R"("\ud83d")"), "\xEF\xBF\xBD");
  EXPECT_EQ(unescape(R"("\ud83dx")"), "\xEF\xBF\xBDx");
  EXPECT_EQ(unescape(R"("\ude00")"), "\xEF\xBF\xBD");
  EXPECT_EQ(unescape(R"("\ud83d\u0041")"),
            "\xEF\xBF\xBD"
            "A");
}

TEST(Unescape, GivesPlainTextUnchanged) {
  EXPECT_EQ(unescape("\"\""), "");
  EXPECT_EQ(unescape("\"gr\xC3\xBC\xC3\x9F"
                     "e\""),
            "gr\xC3\xBC\xC3\x9F"
            "e");
}

TEST(Unescape, RefusesWhatIsNoJsonString) {
  for (const std::string_view raw :
       {"", "\"", "abc", "\"abc", "abc\"", "12", R"("\x")", R"("\u12")", R"("\u12g4")", R"("\")",
        R"("a"b")", "\"a\nb\""}) {
    EXPECT_FALSE(unescape(raw).has_value()) << raw;
  }
}

TEST(Quote, EscapesWhatJsonMustEscapeAndNothingElse) {
  EXPECT_EQ(quote("a\"b\\c\n\x01/\x7F\xC3\xA9"), "\"a\\\"b\\\\c\\n\\u0001/\x7F\xC3\xA9\"");
  EXPECT_EQ(quote(""), "\"\"");
}

TEST(Quote, IsUndoneByUnescapeForEveryByteBelow128) {
  std::string text;
  for (int byte = 0; byte < 128; ++byte) text += static_cast<char>(byte);
  EXPECT_EQ(unescape(quote(text)), text);
  const Result<Value> parsed = parse(quote(text));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(std::string_view(parsed->as_string()), text);
}

}  // namespace
}  // namespace gatehouse::json
