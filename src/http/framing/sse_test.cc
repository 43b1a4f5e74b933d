#include "http/framing/sse.h"

#include <gtest/gtest.h>

#include "http/framing/framing_test_support.h"

namespace gatehouse::http {
namespace {

using testing::cut_at;
using testing::one_byte_at_a_time;
using testing::OwnedFrame;

std::vector<OwnedFrame> parse(const std::vector<std::string>& pieces,
                              SseFlavour flavour = SseFlavour::standard) {
  SseParser parser(flavour);
  auto frames = testing::frames_of(parser, pieces);
  EXPECT_TRUE(frames.has_value());
  return frames.value_or(std::vector<OwnedFrame>{});
}

OwnedFrame event(std::string name, std::string data) {
  return {FrameKind::event, std::move(name), std::move(data)};
}

TEST(Sse, AnEventEndsAtABlankLine) {
  EXPECT_EQ(parse({"event: a\ndata: 1\n\ndata: 2\n\n"}),
            (std::vector{event("a", "1"), event("", "2")}));
}

TEST(Sse, LinesEndWithLineFeedCarriageReturnOrBoth) {
  const std::vector expected{event("a", "1"), event("", "2")};
  EXPECT_EQ(parse({"event: a\rdata: 1\r\rdata: 2\r\r"}), expected);
  EXPECT_EQ(parse({"event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n"}), expected);
  EXPECT_EQ(parse({"event: a\ndata: 1\r\n\rdata: 2\n\r"}), expected);
}

TEST(Sse, ACarriageReturnAtTheEndOfAPieceEndsTheLineAtOnceAndEatsALaterLineFeed) {
  SseParser parser;
  std::vector<Frame> frames;
  ASSERT_TRUE(parser.feed("data: 1\r\n\r", frames));
  ASSERT_EQ(frames.size(), 1U);
  frames.clear();
  ASSERT_TRUE(parser.feed("\ndata: 2\n\n", frames));
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].data, "2");
}

TEST(Sse, SeveralDataLinesAreJoinedWithLineFeeds) {
  EXPECT_EQ(parse({"data: a\ndata\ndata:b\n\n"}), std::vector{event("", "a\n\nb")});
}

TEST(Sse, OneSpaceAfterTheColonBelongsToTheGrammarAndASecondToTheValue) {
  EXPECT_EQ(parse({"data:x\n\ndata: x\n\ndata:  x\n\n"}),
            (std::vector{event("", "x"), event("", "x"), event("", " x")}));
}

TEST(Sse, ACommentIsAFrameOfItsOwnKindAndEndsNoEvent) {
  EXPECT_EQ(parse({"data: 1\n: keep-alive\ndata: 2\n\n"}),
            (std::vector{OwnedFrame{FrameKind::comment, "", "keep-alive"}, event("", "1\n2")}));
}

TEST(Sse, AnEventWithoutDataIsNoneAndItsNameIsForgotten) {
  EXPECT_EQ(parse({"event: ping\n\ndata: 1\n\n"}), std::vector{event("", "1")});
}

TEST(Sse, AnEmptyDataLineIsAnEventWithEmptyData) {
  EXPECT_EQ(parse({"data\n\ndata:\n\n"}), (std::vector{event("", ""), event("", "")}));
}

TEST(Sse, OneByteOrderMarkAtTheStartIsIgnoredEvenIfItArrivesByteByByte) {
  const std::string stream =
      "\xEF\xBB\xBF"
      "data: 1\n\n\xEF\xBB\xBF"
      "data: 2\n\n";
  EXPECT_EQ(parse({stream}), std::vector{event("", "1")});
  EXPECT_EQ(parse(one_byte_at_a_time(stream)), std::vector{event("", "1")});
}

TEST(Sse, AnEventCutOffByTheEndOfTheBodyStillCounts) {
  EXPECT_EQ(parse({"data: 1\n\ndata: 2"}), (std::vector{event("", "1"), event("", "2")}));
  EXPECT_EQ(parse({"data: 2\n"}), std::vector{event("", "2")});
}

TEST(Sse, IdAndRetryAreRemembered) {
  SseParser parser;
  std::vector<Frame> frames;
  ASSERT_TRUE(parser.feed("id: 7\nretry: 250\ndata: x\n\n", frames));
  EXPECT_EQ(parser.last_event_id(), "7");
  EXPECT_EQ(parser.reconnection_time(), std::chrono::milliseconds(250));
}

TEST(Sse, AnIdWithNulAndARetryThatIsNoNumberAreIgnored) {
  SseParser parser;
  std::vector<Frame> frames;
  using namespace std::string_view_literals;
  ASSERT_TRUE(parser.feed("id: 7\nid: a\0b\nretry: soon\n"sv, frames));
  EXPECT_EQ(parser.last_event_id(), "7");
  EXPECT_FALSE(parser.reconnection_time().has_value());
}

TEST(Sse, LinesOutsideTheGrammarAreIgnoredAndCounted) {
  SseParser parser;
  std::vector<Frame> frames;
  ASSERT_TRUE(parser.feed("{\"error\":1}\nfoo: bar\nDATA: 1\ndata: 2\n\n", frames));
  EXPECT_EQ(parser.malformed_lines(), 3U);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].data, "2");
}

TEST(Sse, AServerWithOneEventALineIsReadByItsFlavour) {
  EXPECT_EQ(
      parse({"data: {\"a\":1}\ndata: {\"a\":2}\n\ndata: [DONE]\n"}, SseFlavour::line_per_event),
      (std::vector{event("", "{\"a\":1}"), event("", "{\"a\":2}"), event("", "[DONE]")}));
}

TEST(Sse, AFrameThatLiesWholeInTheInputIsNotCopied) {
  SseParser parser;
  std::vector<Frame> frames;
  const std::string bytes = "event: delta\ndata: a long enough text to matter\n\n";
  ASSERT_TRUE(parser.feed(bytes, frames));
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].data.data(), bytes.data() + bytes.find("a long"));
  EXPECT_EQ(frames[0].name.data(), bytes.data() + bytes.find("delta"));
}

TEST(Sse, AnEventBeyondTheLimitIsRefusedHoweverItArrives) {
  const std::string stream = "data: " + std::string(90, 'x') + "\ndata: " + std::string(90, 'y');
  for (const auto& pieces : {std::vector{stream}, one_byte_at_a_time(stream)}) {
    SseParser parser(SseFlavour::standard, 128);
    const auto frames = testing::frames_of(parser, pieces);
    ASSERT_FALSE(frames.has_value());
    EXPECT_EQ(frames.error()->code, ErrorCode::upstream_malformed);
  }
}

TEST(Sse, ManyEventsWithinTheLimitPassThoughTogetherTheyExceedIt) {
  std::string stream;
  for (int i = 0; i < 100; ++i) stream += "data: " + std::string(50, 'x') + "\n\n";
  SseParser parser(SseFlavour::standard, 128);
  const auto frames = testing::frames_of(parser, {stream});
  ASSERT_TRUE(frames.has_value());
  EXPECT_EQ(frames->size(), 100U);
}

TEST(Sse, BytesCutAnywhereGiveTheSameFrames) {
  const std::string stream =
      "\xEF\xBB\xBF: hi\r\nevent: a\r\ndata: {\"x\":\"\xC3\xA9\"}\r\n\r\nid: 1\ndata: one\ndata: "
      "two\n\n"
      "\r\rdata: \xF0\x9F\x98\x80\r\revent: lost\n\nretry: 10\ndata: last";
  const auto whole = parse({stream});
  ASSERT_EQ(whole.size(), 5U);
  for (std::size_t at = 0; at <= stream.size(); ++at) EXPECT_EQ(parse(cut_at(stream, at)), whole);
  EXPECT_EQ(parse(one_byte_at_a_time(stream)), whole);
}

TEST(MakeFrameParser, ChoosesByContentTypeWithoutItsParameters) {
  EXPECT_NE(dynamic_cast<SseParser*>(make_frame_parser("Text/Event-Stream; charset=utf-8").get()),
            nullptr);
  EXPECT_EQ(make_frame_parser("application/json"), nullptr);
}

}  // namespace
}  // namespace gatehouse::http
