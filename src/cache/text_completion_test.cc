#include "cache/text_completion.h"

#include <gtest/gtest.h>

#include "json/value.h"

namespace gatehouse::cache {
namespace {

constexpr std::string_view kDocument =
    R"({"id":"cmpl-1","object":"text_completion","created":17,"model":"m","choices":[{"text":"One two.","index":0,"logprobs":null,"finish_reason":"stop"},{"text":"Three.","index":1,"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})";

std::vector<std::string> events_of(std::string_view stream) {
  std::vector<std::string> events;
  while (!stream.empty()) {
    const std::size_t end = stream.find("\n\n");
    events.emplace_back(stream.substr(6, end - 6));
    stream.remove_prefix(end + 2);
  }
  return events;
}

TEST(TextCompletion, ADocumentComesBackFromItsStream) {
  const Result<std::string> stream = split_completion(kDocument, UsageChunk::yes);
  ASSERT_TRUE(stream);
  EXPECT_TRUE(stream->ends_with("data: [DONE]\n\n"));
  const std::optional<std::string> joined = join_completion(events_of(*stream));
  ASSERT_TRUE(joined);
  EXPECT_EQ(json::parse(*joined).value(), json::parse(kDocument).value());
}

TEST(TextCompletion, UsageComesOnlyToThoseWhoAskedForIt) {
  EXPECT_EQ(split_completion(kDocument, UsageChunk::no)->find("usage"), std::string::npos);
  EXPECT_NE(split_completion(kDocument, UsageChunk::yes)->find(R"("choices":[],"usage":{)"),
            std::string::npos);
}

TEST(TextCompletion, LongTextComesInPieces) {
  const std::string text(1200, 'x');
  const std::string document =
      R"({"choices":[{"text":")" + text + R"(","index":0,"finish_reason":"stop"}]})";
  const Result<std::string> stream = split_completion(document, UsageChunk::no);
  ASSERT_TRUE(stream);
  EXPECT_EQ(events_of(*stream).size(), 4U);  // 500, 500, 200, [DONE]
}

TEST(TextCompletion, AStreamThatWasCutMakesNoDocument) {
  const std::string first =
      R"({"choices":[{"text":"One","index":0,"logprobs":null,"finish_reason":null}]})";
  const std::string last =
      R"({"choices":[{"text":" two","index":0,"logprobs":null,"finish_reason":"stop"}]})";
  EXPECT_FALSE(join_completion({}));
  EXPECT_FALSE(join_completion({first}));
  EXPECT_FALSE(join_completion({first, R"({"error":{"message":"down"}})", last}));
  EXPECT_FALSE(join_completion({first, "{\"choices\":[", last}));
  EXPECT_TRUE(join_completion({first, last}));
}

}  // namespace
}  // namespace gatehouse::cache
