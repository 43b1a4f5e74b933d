#include "gateway/judge.h"

#include <gtest/gtest.h>

namespace gatehouse::gateway {
namespace {

using routing::FailureKind;

Error status(int code, std::string body) {
  Error error =
      upstream_error(code == 429 ? ErrorCode::rate_limited : ErrorCode::upstream_status, "failed");
  error.upstream = UpstreamStatus{code, "openai", std::move(body), "application/json", {}};
  return error;
}

std::string body_with(std::string_view code, std::string_view message) {
  return R"({"error":{"code":")" + std::string(code) + R"(","message":")" + std::string(message) +
         R"("}})";
}

TEST(Judge, KnowsWhatProvidersCallATooLongContext) {
  for (const std::string& body :
       {body_with("context_length_exceeded", "x"),
        body_with("", "This model's maximum context length is 8192 tokens."),
        body_with("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
        body_with("", "The input token count (1200000) exceeds the maximum")}) {
    EXPECT_EQ(judge(status(400, body), {}).kind, FailureKind::context_length) << body;
  }
  EXPECT_EQ(judge(status(500, body_with("context_length_exceeded", "x")), {}).kind,
            FailureKind::ordinary)
      << "a failure of the server is one, whatever it says";
}

TEST(Judge, KnowsWhatProvidersCallARefusedContent) {
  for (const std::string& body :
       {body_with("content_policy_violation", "x"), body_with("content_filter", "x"),
        body_with("", "The response was filtered due to the content management policy."),
        body_with("", "Your request was rejected as a result of our safety system.")}) {
    EXPECT_EQ(judge(status(400, body), {}).kind, FailureKind::content_filter) << body;
  }
}

TEST(Judge, TellsSilenceNetworkAndBugsApart) {
  const auto kind = [](ErrorCode code) { return judge(upstream_error(code, "x"), {}).kind; };
  EXPECT_EQ(kind(ErrorCode::request_timeout), FailureKind::silence);
  EXPECT_EQ(judge(status(408, ""), {}).kind, FailureKind::silence);
  for (const ErrorCode code : {ErrorCode::upstream_connection, ErrorCode::upstream_cut,
                               ErrorCode::upstream_malformed, ErrorCode::upstream_status}) {
    EXPECT_EQ(kind(code), FailureKind::network);
  }
  EXPECT_EQ(kind(ErrorCode::internal), FailureKind::ends_all);
  EXPECT_EQ(kind(ErrorCode::missing_provider_key), FailureKind::ordinary)
      << "another target may have its key";
}

TEST(Judge, GivesTheStatusThatTheClientWouldSeeAndTheWaitThatWasAskedFor) {
  Error error = status(429, body_with("rate_limit_exceeded", "slow down"));
  error.upstream->fields = {{"retry-after", "3"}};
  const routing::Judgement judged = judge(error, {});
  EXPECT_EQ(judged.status, 429);
  EXPECT_EQ(judged.retry_after, std::chrono::seconds{3});
  EXPECT_EQ(judge(upstream_error(ErrorCode::request_timeout, "x"), {}).status, 408);
}

}  // namespace
}  // namespace gatehouse::gateway
