#include "http/framing/aws_event_stream.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "http/framing/framing_test_support.h"

namespace gatehouse::http {
namespace {

using testing::OwnedFrame;

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

// One event and one exception, as Bedrock frames them.
const std::string kMessageStop = from_hex(
    "0000007a00000051ca2c46650b3a6576656e742d7479706507000b6d65737361676553746f700d3a636f6e74656e"
    "742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d7479706507000565766"
    "56e747b2273746f70526561736f6e223a22656e645f7475726e227d5fbf09fc");
const std::string kThrottling = from_hex(
    "0000008800000061de0175f40f3a657863657074696f6e2d747970650700137468726f74746c696e674578636570"
    "74696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d65737361"
    "67652d74797065070009657863657074696f6e7b226d657373616765223a22736c6f7720646f776e227d832ee072");

// A header of every type, made with an independent implementation of the format.
const std::string kEveryType = from_hex(
    "0000006d0000005a8f3ed47f01740001660101620280037331360301020369333204000102030369363405000000"
    "000000000503627566060003010203037374720700026869026174080000018bcfe5680002696409000102030405"
    "060708090a0b0c0d0e0f6869213fc659fb");

Result<std::vector<OwnedFrame>> parse(const std::vector<std::string>& pieces,
                                      std::size_t limit = kMaxFrameBytes) {
  AwsEventStreamParser parser(limit);
  return testing::frames_of(parser, pieces);
}

TEST(AwsEventStream, AnEventCarriesItsTypeAndPayload) {
  const auto frames = parse({kMessageStop});
  ASSERT_TRUE(frames.has_value());
  EXPECT_EQ(*frames, (std::vector<OwnedFrame>{
                         {FrameKind::event, "messageStop", "{\"stopReason\":\"end_turn\"}"}}));
}

TEST(AwsEventStream, AnExceptionIsToldFromAnEvent) {
  const auto frames = parse({kThrottling});
  ASSERT_TRUE(frames.has_value());
  EXPECT_EQ(*frames, (std::vector<OwnedFrame>{{FrameKind::exception, "throttlingException",
                                               "{\"message\":\"slow down\"}"}}));
}

TEST(AwsEventStream, AMessageIsReadWithItsTypedHeaders) {
  const auto message = decode_aws_message(kEveryType);
  ASSERT_TRUE(message.has_value()) << message.error()->message;
  ASSERT_EQ(message->headers.size(), 10U);
  EXPECT_EQ(message->headers[0].value, AwsValue(true));
  EXPECT_EQ(message->headers[1].value, AwsValue(false));
  EXPECT_EQ(message->headers[2].value, AwsValue(std::int8_t{-128}));
  EXPECT_EQ(message->headers[3].value, AwsValue(std::int16_t{258}));
  EXPECT_EQ(message->headers[4].value, AwsValue(std::int32_t{66051}));
  EXPECT_EQ(message->headers[5].value, AwsValue(std::int64_t{5}));
  EXPECT_EQ(message->headers[6].value, AwsValue(AwsBytes{"\x01\x02\x03"}));
  EXPECT_EQ(message->headers[7].value, AwsValue(std::string_view("hi")));
  EXPECT_EQ(message->headers[8].value, AwsValue(AwsTimestamp{1'700'000'000'000}));
  EXPECT_EQ(std::get<AwsUuid>(message->headers[9].value).bytes.size(), 16U);
  EXPECT_EQ(message->text_of("str"), "hi");
  EXPECT_EQ(message->payload, "hi!");
}

TEST(AwsEventStream, BytesCutAnywhereGiveTheSameFrames) {
  const std::string stream = kMessageStop + kMessageStop + kThrottling;
  const auto whole = parse({stream});
  ASSERT_TRUE(whole.has_value());
  ASSERT_EQ(whole->size(), 3U);
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    EXPECT_EQ(parse(testing::cut_at(stream, at)).value(), *whole);
  }
  EXPECT_EQ(parse(testing::one_byte_at_a_time(stream)).value(), *whole);
}

TEST(AwsEventStream, AMessageThatLiesWholeInTheInputIsNotCopied) {
  AwsEventStreamParser parser;
  std::vector<Frame> frames;
  ASSERT_TRUE(parser.feed(kMessageStop, frames));
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].data.data(), kMessageStop.data() + kMessageStop.find('{'));
}

TEST(AwsEventStream, AnyDamagedByteIsNoticed) {
  for (std::size_t i = 0; i < kMessageStop.size(); ++i) {
    std::string damaged = kMessageStop;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
    const auto frames = parse({damaged});
    ASSERT_FALSE(frames.has_value()) << "byte " << i;
    EXPECT_EQ(frames.error()->code, ErrorCode::upstream_malformed) << "byte " << i;
  }
}

TEST(AwsEventStream, ABodyThatEndsWithinAMessageIsCut) {
  const auto frames = parse({kMessageStop + kThrottling.substr(0, 50)});
  ASSERT_FALSE(frames.has_value());
  EXPECT_EQ(frames.error()->code, ErrorCode::upstream_cut);
}

TEST(AwsEventStream, AMessageBeyondTheLimitIsRefusedBeforeItIsHeld) {
  const auto frames = parse({kMessageStop.substr(0, 12)}, 64);
  ASSERT_FALSE(frames.has_value());
  EXPECT_EQ(frames.error()->code, ErrorCode::upstream_malformed);
}

TEST(AwsEventStream, AnEmptyBodyHasNoFrames) {
  const auto frames = parse({""});
  ASSERT_TRUE(frames.has_value());
  EXPECT_TRUE(frames->empty());
}

}  // namespace
}  // namespace gatehouse::http
