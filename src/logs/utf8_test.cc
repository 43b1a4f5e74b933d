#include "logs/utf8.h"

#include <gtest/gtest.h>

namespace gatehouse::logs {
namespace {

TEST(Utf8, AcceptsEveryLengthOfCharacter) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain text of more than eight bytes"));
  EXPECT_TRUE(is_utf8("é € 😀 ключ"));
}

TEST(Utf8, RefusesWhatIsNone) {
  for (const char* text : {"\x80", "a\xFF", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "12345678\xC3"}) {
    EXPECT_FALSE(is_utf8(text));
    EXPECT_TRUE(is_utf8(repaired_utf8(text)));
  }
}

TEST(Utf8, RepairKeepsWhatIsGood) {
  EXPECT_EQ(repaired_utf8("é\xFF€"), "é\xEF\xBF\xBD€");
  EXPECT_EQ(repaired_utf8("good"), "good");
}

TEST(Utf8, ACapNeverSplitsACharacter) {
  EXPECT_EQ(capped_utf8("abc", 5), "abc");
  EXPECT_EQ(capped_utf8("abc", 2), "ab");
  EXPECT_EQ(capped_utf8("a€b", 4), "a€");
  EXPECT_EQ(capped_utf8("a€b", 3), "a");
  EXPECT_EQ(capped_utf8("a€b", 2), "a");
  EXPECT_EQ(capped_utf8("😀", 3), "");
  EXPECT_EQ(capped_utf8("x", 0), "");
}

TEST(Utf8, ACapCutsBinaryWhereItIsTold) {
  EXPECT_EQ(capped_utf8("\x80\x80\x80\x80\x80\x80", 5).size(), 5U);
}

}  // namespace
}  // namespace gatehouse::logs
