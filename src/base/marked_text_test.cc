#include "base/marked_text.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

namespace gatehouse {
namespace {

struct Quotes {
  [[gnu::always_inline]] static Bytes64 marks(const Bytes64& bytes) { return bytes.equal('"'); }
};
struct Controls {
  [[gnu::always_inline]] static Bytes64 marks(const Bytes64& bytes) { return bytes.between(0, 9); }
};

/// In memory of its own length, so that a byte read behind it is found by the sanitizer.
struct ExactCopy {
  explicit ExactCopy(std::string_view text)
      : bytes(std::make_unique<char[]>(text.size())), size(text.size()) {
    text.copy(bytes.get(), size);
  }
  std::string_view view() const { return {bytes.get(), size}; }
  std::unique_ptr<char[]> bytes;
  std::size_t size;
};

std::size_t first_of(std::string_view text, std::string_view bytes, std::size_t from) {
  return std::min(text.find_first_of(bytes, from), text.size());
}

template <class Tested>
class MarkedTextTest : public testing::Test {};
using Widths = testing::Types<MarkedText<Quotes, Controls, Registers::usual>,
                              MarkedText<Quotes, Controls, Registers::widest>>;
TYPED_TEST_SUITE(MarkedTextTest, Widths);

TYPED_TEST(MarkedTextTest, FindsWhatASearchByteByByteFinds) {
  constexpr std::string_view kControls("\0\1\2\3\4\5\6\7\b\t", 10);
  constexpr std::string_view kAlphabet("\"\t\0\n\x7f\xC3xyz ", 10);
  std::mt19937 random(5);
  for (int round = 0; round < 3'000; ++round) {
    std::string text(random() % 300, 'x');
    for (std::size_t marks = random() % 30; marks > 0 && !text.empty(); --marks) {
      text[random() % text.size()] = kAlphabet[random() % kAlphabet.size()];
    }
    const ExactCopy copy(text);
    TypeParam marked(copy.view());
    for (std::size_t at = 0; at <= text.size();) {
      const bool wants_quote = random() % 2 == 0;
      const std::size_t found =
          wants_quote ? marked.template find<Quotes>(at) : marked.template find<Controls>(at);
      ASSERT_EQ(found, first_of(text, wants_quote ? "\"" : kControls, at)) << text << " at " << at;
      at = found + 1 + (random() % 4 == 0 ? random() % 80 : 0);
    }
  }
}

TYPED_TEST(MarkedTextTest, TellsWhetherAllThatWasPassedIsAscii) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string text(size, '\x7f');
    TypeParam ascii(text);
    EXPECT_EQ(ascii.template find<Quotes>(0), size);
    EXPECT_TRUE(ascii.is_ascii());
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = '\x80';
      TypeParam marked(other);
      EXPECT_EQ(marked.template find<Quotes>(0), size);
      EXPECT_FALSE(marked.is_ascii()) << i << " of " << size;
    }
  }
}

template <Registers kRegisters>
std::uint64_t bits_of_all_changes(const char* text) {
  return with_wide_registers<kRegisters>([text] [[gnu::always_inline]] () {
    const Bytes64 bytes = Bytes64::at(text);
    const Bytes64 letters = bytes.with_bits(0x20).between('a', 'z');
    return ((letters | bytes.equal('-')).without(bytes.equal('Q')) & bytes.equal('!').unmarked())
        .top_bits();
  });
}

TEST(Bytes64Test, MarksTheBytesThatAreMeant) {
  std::string text;
  for (int c = 0; c < 256; ++c) text += static_cast<char>(c);
  for (std::size_t from = 0; from <= text.size() - Bytes64::kSize; ++from) {
    std::uint64_t expected = 0;
    for (std::size_t i = 0; i < Bytes64::kSize; ++i) {
      const char c = text[from + i];
      const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z' && c != 'Q');
      if (is_letter || c == '-') expected |= std::uint64_t{1} << i;
    }
    EXPECT_EQ(bits_of_all_changes<Registers::usual>(text.data() + from), expected) << from;
    EXPECT_EQ(bits_of_all_changes<Registers::widest>(text.data() + from), expected) << from;
  }
}

}  // namespace
}  // namespace gatehouse
