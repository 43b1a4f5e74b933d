#include "base/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace gatehouse {
namespace {

TEST(EqualsIgnoringCase, KnowsEveryByteAsTheAlphabetDoes) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const char first = static_cast<char>(a);
      const char second = static_cast<char>(b);
      const bool is_same = ascii_lower(first) == ascii_lower(second);
      // The second byte, since the first is looked at before all others.
      const std::string left = std::string("x") + first + "tail-of-a-longer-text";
      const std::string right = std::string("X") + second + "TAIL-OF-A-LONGER-TEXT";
      ASSERT_EQ(equals_ignoring_case(left.substr(0, 2), right.substr(0, 2)), is_same) << a << b;
      ASSERT_EQ(equals_ignoring_case(left, right), is_same) << a << " " << b;
    }
  }
}

TEST(EqualsIgnoringCase, SeesADifferenceInAnyPlaceOfAnyLength) {
  for (std::size_t size = 1; size < 40; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    std::string upper = text;
    std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(c - 32); });
    EXPECT_TRUE(equals_ignoring_case(text, upper)) << text;
    EXPECT_FALSE(equals_ignoring_case(text, upper + "a")) << text;
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = upper;
      other[i] = '-';
      EXPECT_FALSE(equals_ignoring_case(text, other)) << text << " " << other;
    }
  }
  EXPECT_TRUE(equals_ignoring_case("", ""));
}

TEST(EqualsIgnoringCase, HoldsWhileCompilingToo) {
  static_assert(equals_ignoring_case("Content-Length", "content-length"));
  static_assert(!equals_ignoring_case("content-length", "content_length"));
  SUCCEED();
}

TEST(HasControlByte, KnowsThemInAnyPlaceOfAnyLength) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool is_control = byte < 0x20 || byte == 0x7f;
    for (std::size_t size = 1; size < 40; ++size) {
      for (std::size_t i = 0; i < size; ++i) {
        std::string text(size, '~');
        text[i] = static_cast<char>(byte);
        ASSERT_EQ(has_control_byte(text), is_control) << byte << " " << size << " " << i;
      }
    }
  }
  EXPECT_FALSE(has_control_byte(""));
}

}  // namespace
}  // namespace gatehouse
