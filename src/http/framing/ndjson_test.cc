#include "http/framing/ndjson.h"

#include <gtest/gtest.h>

#include "http/framing/framing_test_support.h"

namespace gatehouse::http {
namespace {

std::vector<std::string> lines_of(const std::vector<std::string>& pieces) {
  NdjsonParser parser;
  auto frames = testing::frames_of(parser, pieces);
  EXPECT_TRUE(frames.has_value());
  std::vector<std::string> lines;
  for (const auto& frame : frames.value_or(std::vector<testing::OwnedFrame>{})) {
    lines.push_back(frame.data);
  }
  return lines;
}

TEST(Ndjson, EachLineIsAFrameAndBlankOnesAreNone) {
  EXPECT_EQ(lines_of({"{\"a\":1}\n\n  \r\n{\"a\":2}\r\n"}),
            (std::vector<std::string>{"{\"a\":1}", "{\"a\":2}"}));
}

TEST(Ndjson, TheLastLineNeedsNoLineFeed) {
  EXPECT_EQ(lines_of({"1\n2"}), (std::vector<std::string>{"1", "2"}));
}

TEST(Ndjson, BytesCutAnywhereGiveTheSameFrames) {
  const std::string stream = "{\"x\":\"\xC3\xA9\"}\r\n\n[1,2]\n{\"done\":true}";
  const auto whole = lines_of({stream});
  ASSERT_EQ(whole.size(), 3U);
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    EXPECT_EQ(lines_of(testing::cut_at(stream, at)), whole);
  }
  EXPECT_EQ(lines_of(testing::one_byte_at_a_time(stream)), whole);
}

TEST(Ndjson, ALineBeyondTheLimitIsRefused) {
  NdjsonParser parser(16);
  const auto frames = testing::frames_of(parser, {"{\"a\":", "\"0123456789abcdef\"}\n"});
  ASSERT_FALSE(frames.has_value());
  EXPECT_EQ(frames.error()->code, ErrorCode::upstream_malformed);
}

}  // namespace
}  // namespace gatehouse::http
