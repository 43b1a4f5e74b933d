#include "providers/signers/sigv4.h"

#include <gtest/gtest.h>

#include <array>

namespace gatehouse::providers {
namespace {

constexpr AwsKey kKey{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
constexpr std::string_view kDate = "20150830T123600Z";

/// A request of the suite that AWS publishes for implementers, and its signature there.
struct Vector {
  std::string_view name;
  std::string_view method;
  std::string_view target;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  std::string_view body;
  std::string_view signature;
};

void PrintTo(const Vector& vector, std::ostream* out) { *out << vector.name; }

std::string signature_of(std::string_view authorization) {
  return std::string(authorization.substr(authorization.find("Signature=") + 10));
}

class PublishedVectors : public testing::TestWithParam<Vector> {};

TEST_P(PublishedVectors, HaveTheSignatureThatAwsGives) {
  const Vector& vector = GetParam();
  const std::array<std::string_view, 1> body = {vector.body};
  SigV4Request request{vector.method, vector.target, vector.fields, body};
  request.fields.emplace_back("host", "example.amazonaws.com");
  request.fields.emplace_back("x-amz-date", kDate);
  const std::string proof = sigv4_authorization(kKey, {"us-east-1", "service"}, request);
  EXPECT_EQ(signature_of(proof), vector.signature);
}

const Vector kVectors[] = {
    {"get_vanilla",
     "GET",
     "/",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get_vanilla_query_order_key_case",
     "GET",
     "/?Param2=value2&Param1=value1",
     {},
     "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get_vanilla_empty_query_key",
     "GET",
     "/?Param1=value1",
     {},
     "",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"get_vanilla_query_unreserved",
     "GET",
     "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789"
     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     "",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get_vanilla_utf8_query",
     "GET",
     "/?\xE1\x88\xB4=bar",
     {},
     "",
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"get_unreserved",
     "GET",
     "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     "",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get_utf8",
     "GET",
     "/\xE1\x88\xB4",
     {},
     "",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get_header_value_trim",
     "GET",
     "/",
     {{"my-header1", " value1"}, {"my-header2", " \"a   b   c\""}},
     "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"post_vanilla",
     "POST",
     "/",
     {},
     "",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post_header_key_sort",
     "POST",
     "/",
     {{"my-header1", "value1"}},
     "",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"post_x_www_form_urlencoded",
     "POST",
     "/",
     {{"content-type", "application/x-www-form-urlencoded"},
      {"content-length", "13"},
      {"x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}},
     "Param1=value1",
     "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"},
    {"post_sts_token",
     "POST",
     "/",
     {{"x-amz-security-token",
       "AQoDYXdzEPT//////////"
       "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSP"
       "fIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/"
       "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT"
       "7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+"
       "scqKmlz"
       "m8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="}},
     "",
     "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
};

INSTANTIATE_TEST_SUITE_P(SigV4, PublishedVectors, testing::ValuesIn(kVectors),
                         [](const auto& vector) { return std::string(vector.param.name); });

TEST(SigV4, EncodesAPathOnceMoreForBedrock) {
  const std::array<std::string_view, 2> body = {R"({"messages":[{"role":"user",)",
                                                R"("content":[{"text":"hi"}]}]})"};
  const SigV4Request request{"POST",
                             "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse",
                             {{"content-type", "application/json"},
                              {"host", "bedrock-runtime.us-east-1.amazonaws.com"},
                              {"x-amz-date", kDate}},
                             body};
  EXPECT_EQ(sigv4_request_hash(request),
            "70063920c38a0ff3e5f2d03983179e180c93a3c260cbe8f3e4d844bf97c892a0");
  EXPECT_EQ(sigv4_authorization(kKey, {"us-east-1", "bedrock"}, request),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=b2d89376425920647b8197be6560da5f53c4d9cc5ac66b56efafa43ba66c9022");
}

TEST(SigV4, SignsTheSameWhateverTheOrderOfTheFields) {
  const std::array<std::string_view, 1> body = {"x"};
  const SigV4Request one{"GET", "/", {{"host", "h"}, {"x-amz-date", kDate}}, body};
  const SigV4Request other{"GET", "/", {{"x-amz-date", kDate}, {"host", "h"}}, body};
  EXPECT_EQ(sigv4_authorization(kKey, {"r", "s"}, one),
            sigv4_authorization(kKey, {"r", "s"}, other));
}

TEST(AmzDate, IsTheBasicFormOfIso8601InUtc) {
  EXPECT_EQ(amz_date(WallTime(std::chrono::seconds(1'440'938'160))), kDate);
  EXPECT_EQ(amz_date(WallTime(std::chrono::seconds(0))), "19700101T000000Z");
}

}  // namespace
}  // namespace gatehouse::providers
