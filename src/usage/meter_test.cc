#include "usage/meter.h"

#include <gtest/gtest.h>

namespace gatehouse::usage {
namespace {

constexpr std::string_view kStream =
    "data: {\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"delta\":{\"content\":\"say "
    "\\\"usage\\\":{\\\"total_tokens\\\":9}\"},"
    "\"finish_reason\":null}]}\n\n"
    ": keep-alive\n\n"
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\": \"stop\"}]}\r\n\r\n"
    "data: {\"choices\":[],\"usage\" : "
    "{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12,"
    "\"prompt_tokens_details\":{\"cached_tokens\":3}}}\n\n"
    "data: [DONE]\n\n";

void expect_stream_findings(const Findings& found) {
  EXPECT_EQ(found.model, "m-1");
  EXPECT_EQ(found.finish_reason, "stop");
  ASSERT_TRUE(found.usage);
  EXPECT_EQ(found.usage->prompt_tokens, 7);
  EXPECT_EQ(found.usage->completion_tokens, 5);
  EXPECT_EQ(found.usage->total_tokens, 12);
  EXPECT_EQ(found.usage->cached_tokens, 3);
  EXPECT_TRUE(found.is_done);
  EXPECT_EQ(found.error, "");
}

TEST(EventMeter, FindsTheSameHoweverTheBytesAreCut) {
  for (std::size_t cut = 0; cut <= kStream.size(); ++cut) {
    EventMeter meter;
    meter.see(kStream.substr(0, cut));
    meter.see(kStream.substr(cut));
    meter.finish();
    expect_stream_findings(meter.findings());
  }
}

TEST(EventMeter, FindsTheSameByteByByte) {
  EventMeter meter;
  for (const char c : kStream) meter.see({&c, 1});
  meter.finish();
  expect_stream_findings(meter.findings());
}

TEST(EventMeter, NotesAnErrorInsideTheStream) {
  EventMeter meter;
  meter.see("data: {\"error\":{\"message\":\"overloaded\",\"type\":\"x\"}}\n\n");
  EXPECT_EQ(meter.findings().error, "overloaded");
}

TEST(EventMeter, SkipsALineOfAnyLengthAndGoesOnAfterIt) {
  EventMeter meter;
  meter.see("data: ");
  for (int i = 0; i < 100; ++i) meter.see(std::string(10'000, 'x'));
  meter.see("\ndata: {\"model\":\"after\"}\n");
  EXPECT_EQ(meter.findings().model, "after");
}

TEST(DocumentMeter, ReadsUsageOfAWrappedProvider) {
  DocumentMeter meter;
  meter.see("{\"model\":\"g\",\"x_groq\":{\"usage\":{\"prompt_tokens\":1,");
  meter.see("\"completion_tokens\":2}},\"choices\":[{\"finish_reason\":\"length\"}]}");
  meter.finish();
  EXPECT_EQ(meter.findings().usage->total_tokens, 3);
  EXPECT_EQ(meter.findings().finish_reason, "length");
}

TEST(DocumentMeter, CountsReasoningIntoTheCompletionWhereItStandsBeside) {
  const auto completion_of = [](std::string_view total) {
    DocumentMeter meter;
    meter.see(R"({"usage":{"prompt_tokens":100,"completion_tokens":5,"total_tokens":)" +
                  std::string(total) + R"(,"completion_tokens_details":{"reasoning_tokens":20}}})",
              Part::last);
    return meter.findings().usage->completion_tokens;
  };
  EXPECT_EQ(completion_of("125"), 25) << "the sum tells that it stood beside";
  EXPECT_EQ(completion_of("105"), 5) << "the sum tells that it stood within";
}

TEST(DocumentMeter, ReadsAWholeDocumentAtOnce) {
  const std::string text =
      "{\"model\":\"m-1\",\"choices\":[{\"message\":{\"content\":\"" + std::string(5000, 'x') +
      " \\\"usage\\\":{\\\"total_tokens\\\":99}\"},\"finish_reason\":\"length\"}],"
      "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";
  DocumentMeter meter;
  meter.see(text, Part::last);
  EXPECT_EQ(meter.findings().model, "m-1");
  EXPECT_EQ(meter.findings().finish_reason, "length");
  EXPECT_EQ(meter.findings().usage->total_tokens, 3);
}

TEST(DocumentMeter, AUsageThatIsNullBehindTheRealOneDoesNotHideIt) {
  const std::string text = "{\"usage\":{\"total_tokens\":3},\"choices\":[{\"message\":\"" +
                           std::string(600, 'x') + "\"}],\"model\":\"m\",\"x\":{\"usage\":null}}";
  DocumentMeter meter;
  meter.see(text, Part::last);
  EXPECT_EQ(meter.findings().usage->total_tokens, 3);
  EXPECT_EQ(meter.findings().model, "m");
}

TEST(DocumentMeter, FindsTheUsageBehindMegabytesOfVectors) {
  DocumentMeter meter;
  meter.see("{\"model\":\"e\",\"data\":[");
  for (int i = 0; i < 1000; ++i) meter.see(std::string(5'000, '1'));
  meter.see("],\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}");
  meter.finish();
  EXPECT_EQ(meter.findings().model, "e");
  EXPECT_EQ(meter.findings().usage->prompt_tokens, 8);
  EXPECT_EQ(meter.findings().usage->completion_tokens, 0);
}

TEST(EventMeter, AddsUpTheUsageThatAnthropicTellsInParts) {
  EventMeter meter;
  meter.see(
      "data: {\"message\":{\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":5}}}\n\n");
  meter.see("data: {\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":7}}\n\n");
  EXPECT_EQ(meter.findings().usage->prompt_tokens, 15);
  EXPECT_EQ(meter.findings().usage->completion_tokens, 7);
  EXPECT_EQ(meter.findings().usage->cached_tokens, 5);
  EXPECT_EQ(meter.findings().finish_reason, "end_turn");
}

TEST(EventMeter, ReadsAnEventWhoseDataStandOnSeveralLines) {
  EventMeter meter;
  meter.see("data: {\ndata: \"usage\": {\ndata: \"total_tokens\": 21 }\ndata: }\n\n");
  EXPECT_EQ(meter.findings().usage->total_tokens, 21);
}

TEST(ParseUsage, TakesNothingForAnObjectWithoutCounts) {
  EXPECT_FALSE(parse_usage("{}"));
  EXPECT_FALSE(parse_usage("{\"prompt_tokens\":\"many\"}"));
}

}  // namespace
}  // namespace gatehouse::usage
