#include "base/bytes16.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace gatehouse {
namespace {

template <class Block>
class Bytes16Test : public testing::Test {};

#if defined(__SSE2__)
using Kinds = testing::Types<PlainBytes16, SseBytes16>;
#else
using Kinds = testing::Types<PlainBytes16>;
#endif
TYPED_TEST_SUITE(Bytes16Test, Kinds);

/// Every byte there is, in sixteen blocks.
std::string all_bytes() {
  std::string text;
  for (int byte = 0; byte < 256; ++byte) text += static_cast<char>(byte);
  return text;
}

/// The bytes that `marks` marks.
template <class Block, class Marks>
std::string marked(const Marks& marks) {
  const std::string text = all_bytes();
  std::string found;
  for (std::size_t at = 0; at < text.size(); at += 16) {
    const std::uint32_t bits = marks(Block::at(text.data() + at)).top_bits();
    for (std::size_t i = 0; i < 16; ++i) {
      if ((bits >> i & 1U) != 0) found += text[at + i];
    }
  }
  return found;
}

TYPED_TEST(Bytes16Test, MarksTheBytesThatAreMeantAndNoOther) {
  using Block = TypeParam;
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes.equal('"'); }), "\"");
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes.equal('\xFF'); }), "\xFF");
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes.between('0', '3'); }), "0123");
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes.between(0xFE, 0xFF); }), "\xFE\xFF");
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes.between(0, 1); }), std::string("\0\1", 2));
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes.with_bits(0x20).equal('{'); }), "[{");
  EXPECT_EQ(
      marked<Block>([](Block bytes) { return bytes.between('a', 'd').without(bytes.equal('b')); }),
      "acd");
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes.between(1, 0xFF).unmarked(); }),
            std::string(1, '\0'));
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes.equal('a') | bytes.equal('b'); }), "ab");
  EXPECT_EQ(
      marked<Block>([](Block bytes) { return bytes.between('a', 'd') & bytes.between('c', 'f'); }),
      "cd");
  EXPECT_EQ(marked<Block>([](Block) { return Block::all(0x7F); }), "");
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes.equal(Block::all('a')); }), "a");
  EXPECT_EQ(marked<Block>([](Block bytes) { return bytes; }), all_bytes().substr(128));
}

TYPED_TEST(Bytes16Test, JoinsTwoWordsAsTheyStandInMemory) {
  using Block = TypeParam;
  const std::string text = "first---second--";
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  std::memcpy(&first, text.data(), 8);
  std::memcpy(&second, text.data() + 8, 8);
  EXPECT_EQ(Block::of(first, second).equal(Block::at(text.data())).top_bits(), 0xFFFFU);
}

/// The text in a heap block of its own size, so that AddressSanitizer sees any read beyond it.
class ExactCopy {
 public:
  explicit ExactCopy(std::string_view text)
      : bytes_(std::make_unique<char[]>(text.size())), size_(text.size()) {
    std::ranges::copy(text, bytes_.get());
  }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

TYPED_TEST(Bytes16Test, FindsTheFirstMarkedByteWhereverItStands) {
  using Block = TypeParam;
  const auto is_x = [](Block bytes) { return bytes.equal('x'); };
  for (std::size_t size = 0; size < 150; ++size) {
    for (std::size_t place = 0; place <= size; ++place) {
      std::string text(size, '-');
      if (place < size) text[place] = 'x';
      const ExactCopy copy(text);
      for (std::size_t from = 0; from <= size; from += 7) {
        const std::size_t expected = std::min(std::string_view(text).find('x', from), size);
        ASSERT_EQ(find_byte<Block>(copy.view(), from, is_x), expected) << size << " " << place;
      }
    }
  }
}

}  // namespace
}  // namespace gatehouse
