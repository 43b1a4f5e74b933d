#include "dialects/fault.h"

#include <gtest/gtest.h>

namespace gatehouse::dialects {
namespace {

using namespace std::chrono_literals;

struct Shape {
  std::string_view name;
  std::string_view body;
  std::string_view message;
  std::string_view type;
  std::string_view param;
  std::string_view code;
};

// One line for each shape that providers are known to answer with.
const Shape kShapes[] = {
    {"openai", R"({"error":{"message":"M","type":"T","param":"P","code":"C"}})", "M", "T", "P",
     "C"},
    {"anthropic", R"({"type":"error","error":{"type":"T","message":"M"},"request_id":"r"})", "M",
     "T", "", ""},
    {"google", R"({"error":{"code":429,"message":"M","status":"S"}})", "M", "S", "", "429"},
    {"google_stream", R"([{"error":{"code":400,"message":"M","status":"S"}}])", "M", "S", "",
     "400"},
    {"text_error", R"({"error":"M"})", "M", "", "", ""},
    {"xai", R"({"code":"C","error":"M"})", "M", "", "", "C"},
    {"hugging_face", R"({"error":"M","error_type":"T"})", "M", "T", "", ""},
    {"cohere", R"({"id":"i","message":"M"})", "M", "", "", ""},
    {"bedrock", R"({"Message":"M"})", "M", "", "", ""},
    {"aws", R"({"__type":"T","message":"M"})", "M", "T", "", ""},
    {"fastapi", R"({"detail":[{"loc":["a"],"msg":"M"},{"msg":"N"}]})", "M; N", "", "", ""},
    {"jina", R"({"detail":"M"})", "M", "", "", ""},
    {"mistral", R"({"object":"error","message":{"detail":[{"msg":"M"}]},"type":"T","code":3})", "M",
     "T", "", "3"},
    {"cloudflare", R"({"errors":[{"code":7003,"message":"M"}],"success":false})", "M", "", "",
     "7003"},
    {"fireworks", R"({"fault":{"faultstring":"M","detail":{"errorcode":"x"}}})", "M", "", "", ""},
    {"replicate", R"({"title":"M","detail":"D","status":422})", "M", "", "", ""},
    {"responses_event", R"({"type":"error","code":"C","message":"M","param":null})", "M", "", "",
     "C"},
    {"json_text", R"("M")", "M", "", "", ""},
    {"html", "<html>M</html>\n", "<html>M</html>", "", "", ""},
    {"nothing", "", "", "", "", ""},
};

TEST(ReadFault, UnderstandsEveryShapeOfProviders) {
  for (const Shape& shape : kShapes) {
    const Fault fault = read_fault(shape.body);
    EXPECT_EQ(fault.message, shape.message) << shape.name;
    EXPECT_EQ(fault.type, shape.type) << shape.name;
    EXPECT_EQ(fault.param, shape.param) << shape.name;
    EXPECT_EQ(fault.code, shape.code) << shape.name;
  }
}

TEST(ReadFault, ShortensALongTextAndRepairsIt) {
  const Fault fault = read_fault(std::string(5000, 'x') + "\xFF");
  EXPECT_EQ(fault.message.size(), 2000U);
  EXPECT_EQ(read_fault("bad \xFF byte").message, "bad \xEF\xBF\xBD byte");
}

TEST(ErrorOf, KeepsStatusBodyAndFields) {
  const Error error = error_of({503,
                                "groq",
                                R"({"error":{"message":"down"}})",
                                "application/json",
                                {{"x-request-id", "r1"}}});
  EXPECT_EQ(error.code, ErrorCode::upstream_status);
  EXPECT_EQ(error.origin, Origin::upstream);
  EXPECT_EQ(error.message, "groq error: down");
  ASSERT_TRUE(error.upstream);
  EXPECT_EQ(error.upstream->status, 503);
  EXPECT_EQ(error.upstream->provider, "groq");
  EXPECT_EQ(error.upstream->body, R"({"error":{"message":"down"}})");
  EXPECT_EQ(error.upstream->fields.size(), 1U);
}

TEST(ErrorOf, TooManyRequestsIsARateLimit) {
  EXPECT_EQ(error_of({429, "x", "{}", "", {}}).code, ErrorCode::rate_limited);
}

TEST(ErrorOf, AnEmptyBodyIsNamedByItsStatus) {
  EXPECT_EQ(error_of({502, "x", "", "", {}}).message, "x error: status 502");
}

TEST(ErrorOf, TakesTheDelayThatGoogleNamesInTheBody) {
  const Error error =
      error_of({429,
                "google",
                R"({"error":{"message":"m","details":[{"@type":"x"},{"retryDelay":"7.5s"}]}})",
                "",
                {}});
  EXPECT_EQ(error.retry_after, 7500ms);
}

TEST(ErrorOf, IgnoresADelayThatIsNone) {
  for (const std::string_view delay : {"soon", "-1s", "1e99s", ""}) {
    const std::string body =
        R"({"error":{"message":"m","details":[{"retryDelay":")" + std::string(delay) + "\"}]}}";
    EXPECT_FALSE(error_of({429, "google", body, "", {}}).retry_after) << delay;
  }
}

TEST(FaultOf, TakesBedrocksTypeFromTheHead) {
  const Error error = error_of({400,
                                "bedrock",
                                R"({"message":"m"})",
                                "",
                                {{"X-Amzn-ErrorType", "ValidationException:http://internal/"}}});
  EXPECT_EQ(fault_of(error).type, "ValidationException");
}

TEST(FaultOf, RepairsATypeThatIsNoText) {
  const Error error = aws_exception("bedrock", "thro\x84ttling", R"({"message":"m"})");
  EXPECT_EQ(fault_of(error).type, "thro\xEF\xBF\xBDttling");
}

TEST(FaultOf, IsEmptyForWhatNoProviderReported) {
  EXPECT_EQ(fault_of(client_error(ErrorCode::invalid_request, "x")).message, "");
  EXPECT_EQ(fault_of(cut_answer("x")).message, "");
}

TEST(AwsException, HasTheStatusThatItsNameTells) {
  EXPECT_EQ(aws_exception("bedrock", "throttlingException", "{}").upstream->status, 429);
  EXPECT_EQ(aws_exception("bedrock", "unheardOfException", "{}").upstream->status, 500);
}

}  // namespace
}  // namespace gatehouse::dialects
