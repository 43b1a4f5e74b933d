#include "http/chunked.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::http {
namespace {

constexpr std::string_view kBody = "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: x\r\n\r\n";

TEST(ChunkedDecoder, DecodesInPlaceAndSaysWhatItUsed) {
  std::string text = std::string(kBody) + "next";
  ChunkedDecoder decoder;
  const auto step = decoder.decode(text);
  ASSERT_TRUE(step);
  EXPECT_EQ(text.substr(step->offset, step->payload), "hello world");
  EXPECT_EQ(step->consumed, kBody.size());
  EXPECT_TRUE(decoder.is_finished());
}

TEST(ChunkedDecoder, GivesTheSameHoweverTheBytesAreCut) {
  for (std::size_t cut = 0; cut <= kBody.size(); ++cut) {
    ChunkedDecoder decoder;
    std::string out;
    for (std::string part : {std::string(kBody.substr(0, cut)), std::string(kBody.substr(cut))}) {
      const auto step = decoder.decode(part);
      ASSERT_TRUE(step);
      out += part.substr(step->offset, step->payload);
    }
    EXPECT_EQ(out, "hello world");
    EXPECT_TRUE(decoder.is_finished());
  }
}

TEST(ChunkedDecoder, TakesChunksThatComeOneByOneAmongOthersThatDoNot) {
  ChunkedDecoder decoder;
  std::string out;
  for (std::string part : {"5\r\nhello\r\n", "1\r\n \r\n", "3\r\nw", "or\r\n", "02\r\nld\r\n",
                           "1\r\n!\r\n1\r\n?\r\n", "0\r\n\r\n"}) {
    const auto step = decoder.decode(part);
    ASSERT_TRUE(step);
    EXPECT_EQ(step->consumed, part.size());
    out += part.substr(step->offset, step->payload);
  }
  EXPECT_EQ(out, "hello world!?");
  EXPECT_TRUE(decoder.is_finished());
}

TEST(ChunkedDecoder, RefusesWhatIsNoChunkedBody) {
  for (std::string text : {"x\r\n", "\r\n", "5\nhello", "-1\r\n", "5\r\nhelloXX", "0\r\n\n",
                           "fffffffffffffffff\r\n", "5 \n"}) {
    ChunkedDecoder decoder;
    const auto step = decoder.decode(text);
    // What came before the bad bytes is given first.
    if (step) {
      EXPECT_EQ(text.substr(step->offset, step->payload), "hello");
    }
    EXPECT_TRUE(decoder.has_failed()) << text;
    EXPECT_FALSE(decoder.decode(text)) << text;
  }
}

TEST(ChunkedDecoder, BoundsExtensionsAndTrailers) {
  std::string extension = "5;" + std::string(20'000, 'x');
  ChunkedDecoder first;
  EXPECT_FALSE(first.decode(extension));
  std::string trailers = "0\r\n" + std::string(20'000, 'x');
  ChunkedDecoder second;
  EXPECT_FALSE(second.decode(trailers));
}

}  // namespace
}  // namespace gatehouse::http
