#include "http/head_buffer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace gatehouse::http {
namespace {

constexpr std::string_view kHead = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

async::Chunk chunk_of(std::string_view before, std::string_view bytes) {
  async::Chunk chunk;
  chunk.block = async::Block::take();
  std::string(before).append(bytes).copy(chunk.block.bytes(), async::kBlockSize);
  chunk.offset = before.size();
  chunk.size = bytes.size();
  return chunk;
}

TEST(HeadBuffer, HasNoHeadBeforeItsEmptyLineIsWhole) {
  for (std::size_t cut = 1; cut < kHead.size(); ++cut) {
    HeadBuffer buffer;
    buffer.start_with(chunk_of("GET /before", kHead.substr(0, cut)));
    EXPECT_FALSE(buffer.has_head()) << cut;
    EXPECT_FALSE(buffer.is_empty());
  }
  HeadBuffer whole;
  whole.start_with(chunk_of("GET /before", kHead));
  ASSERT_TRUE(whole.has_head());
  EXPECT_EQ(whole.head(), kHead);
}

TEST(HeadBuffer, GivesWhatStandsBehindTheHeadAndIsEmptyThen) {
  HeadBuffer buffer;
  buffer.start_with(chunk_of("", std::string(kHead) + "body"));
  ASSERT_TRUE(buffer.has_head());
  EXPECT_TRUE(buffer.has_rest());
  EXPECT_EQ(buffer.take_rest().view(), "body");
  EXPECT_TRUE(buffer.is_empty());
  EXPECT_FALSE(buffer.has_head());
}

TEST(HeadBuffer, FindsTheHeadBehindOneThatWasSkipped) {
  HeadBuffer buffer;
  buffer.start_with(std::string("HTTP/1.1 103 Early Hints\r\n\r\n").append(kHead));
  ASSERT_TRUE(buffer.has_head());
  buffer.start_with(buffer.take_rest());
  ASSERT_TRUE(buffer.has_head());
  EXPECT_EQ(buffer.head(), kHead);
  EXPECT_FALSE(buffer.has_rest());
}

TEST(HeadBuffer, TellsAHeadThatIsTooLong) {
  HeadBuffer open(10);
  open.start_with(kHead.substr(0, 12));
  EXPECT_TRUE(open.is_full());
  HeadBuffer closed(10);
  closed.start_with(kHead);
  EXPECT_TRUE(closed.is_too_long());
}

TEST(HeadBuffer, IsFullWhereItsBlockEnds) {
  HeadBuffer buffer;
  buffer.start_with(chunk_of(std::string(async::kBlockSize - 4, 'x'), "GET "));
  EXPECT_FALSE(buffer.has_head());
  EXPECT_TRUE(buffer.is_full());
}

TEST(HeadBuffer, BeginsEmptyWithNothing) {
  HeadBuffer buffer;
  buffer.start_with(std::string_view());
  buffer.start_with(async::Chunk());
  EXPECT_TRUE(buffer.is_empty());
  EXPECT_FALSE(buffer.is_full());
}

}  // namespace
}  // namespace gatehouse::http
