#include "base/in_common.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse {
namespace {

constexpr std::size_t kLongest = 150;  // several blocks of every size

std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
  return text;
}

TEST(InCommon, CountsTheBytesUpToTheFirstThatDiffers) {
  const std::string whole = text_of(kLongest);
  for (std::size_t differs = 0; differs < kLongest; ++differs) {
    std::string other = whole;
    other[differs] = '!';
    EXPECT_EQ(common_front(whole, other), differs);
  }
}

TEST(InCommon, GoesNoFurtherThanTheShorterOne) {
  const std::string whole = text_of(kLongest);
  for (std::size_t size = 0; size <= kLongest; ++size) {
    EXPECT_EQ(common_front(whole, whole.substr(0, size)), size);
    EXPECT_EQ(common_front(whole.substr(0, size), whole), size);
  }
}

TEST(InCommon, DoesNotTakeBytesForTheSameThatDifferInTheirTopBitAlone) {
  const std::string plain(20, 'A');
  const std::string other(20, static_cast<char>('A' | 0x80));
  EXPECT_EQ(common_front(plain, other), 0U);
}

}  // namespace
}  // namespace gatehouse
