#include "bench/wire/message_reader.h"

#include <gtest/gtest.h>

namespace gatehouse::bench {
namespace {

using Progress = MessageReader::Progress;

constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;note=1\r\nhello\r\n7\r\n, world\r\n0\r\nTrailer: x\r\n\r\n";

TEST(MessageReader, ReadsAChunkedBodyAlikeWhereverTheBytesAreCut) {
  for (std::size_t cut = 0; cut < kChunked.size(); ++cut) {
    MessageReader reader(MessageKind::response);
    EXPECT_EQ(reader.feed(kChunked.substr(0, cut)), Progress::needs_more) << cut;
    EXPECT_EQ(reader.feed(kChunked.substr(cut)), Progress::complete) << cut;
    EXPECT_EQ(reader.payload(), "hello, world") << cut;
    EXPECT_EQ(reader.first_line(), "HTTP/1.1 200 OK") << cut;
  }
}

TEST(MessageReader, ReadsTwoMessagesThatCameTogether) {
  MessageReader reader(MessageKind::request);
  const std::string_view first = "POST /a HTTP/1.1\r\ncontent-length: 2\r\n\r\nhi";
  const std::string_view second = "GET /b HTTP/1.1\r\nHost: x\r\n\r\n";
  ASSERT_EQ(reader.feed(std::string(first) + std::string(second)), Progress::complete);
  EXPECT_EQ(reader.payload(), "hi");
  reader.next();
  ASSERT_TRUE(reader.has_more());
  ASSERT_EQ(reader.feed(""), Progress::complete);
  EXPECT_EQ(reader.first_line(), "GET /b HTTP/1.1");
  EXPECT_EQ(reader.payload(), "");
  reader.next();
  EXPECT_FALSE(reader.has_more());
}

TEST(MessageReader, KeepsTheMessageAfterAChunkedOne) {
  MessageReader reader(MessageKind::response);
  ASSERT_EQ(reader.feed(std::string(kChunked) + std::string(kChunked)), Progress::complete);
  reader.next();
  EXPECT_EQ(reader.feed(""), Progress::complete);
  EXPECT_EQ(reader.payload(), "hello, world");
}

TEST(MessageReader, EndsAResponseWithoutLengthWhenThePeerCloses) {
  MessageReader reader(MessageKind::response);
  ASSERT_EQ(reader.feed("HTTP/1.1 200 OK\r\n\r\nall of it"), Progress::needs_more);
  EXPECT_EQ(reader.close(), Progress::complete);
  EXPECT_EQ(reader.payload(), "all of it");
}

TEST(MessageReader, CallsAMessageBrokenThatIsCutOrMalformed) {
  MessageReader cut(MessageKind::response);
  ASSERT_EQ(cut.feed(kChunked.substr(0, kChunked.size() - 4)), Progress::needs_more);
  EXPECT_EQ(cut.close(), Progress::broken);

  MessageReader bad_chunk(MessageKind::response);
  EXPECT_EQ(bad_chunk.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            Progress::broken);

  MessageReader bad_length(MessageKind::request);
  EXPECT_EQ(bad_length.feed("POST / HTTP/1.1\r\nContent-Length: ten\r\n\r\n"), Progress::broken);
}

}  // namespace
}  // namespace gatehouse::bench
