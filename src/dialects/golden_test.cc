// Every folder under tests/golden/ is a test of its own. `dialects_test --update` writes the files
// that a case expects anew, for a person to read and to agree with line by line.
#include <gtest/gtest.h>

#include "dialects/golden/golden_exchange.h"
#include "dialects/golden/golden_json.h"

namespace gatehouse::dialects::golden {
namespace {

bool g_updates = false;

/// What a client sees of a stream: each frame with its data as a JSON value where it is one.
struct SeenFrame {
  http::FrameKind kind = http::FrameKind::event;
  std::string name;
  json::Value data;
  friend bool operator==(const SeenFrame&, const SeenFrame&) = default;
};

std::vector<SeenFrame> frames_of(const std::string& text) {
  const auto parser = http::make_frame_parser("text/event-stream");
  std::vector<http::Frame> frames;
  EXPECT_TRUE(parser->feed(text, frames));
  std::vector<SeenFrame> seen;
  for (const http::Frame& frame : frames) {
    Result<json::Value> data = json::parse(frame.data);
    seen.push_back({frame.kind, std::string(frame.name),
                    data ? std::move(*data) : json::Value(std::string(frame.data))});
  }
  return seen;
}

void expect_json(const Case& golden, std::string_view file, const std::string& actual) {
  const Result<json::Value> value = json::parse(actual);
  ASSERT_TRUE(value.has_value()) << "what was made for " << file << " is no JSON:\n" << actual;
  if (g_updates) write_file(golden.file(file), pretty(*value));
  const auto expected = golden.text(file);
  ASSERT_TRUE(expected.has_value()) << golden.file(file) << " is missing; this was made:\n"
                                    << pretty(*value);
  const Result<json::Value> expected_value = json::parse(*expected);
  ASSERT_TRUE(expected_value.has_value()) << golden.file(file) << " is no JSON";
  EXPECT_EQ(*value, *expected_value) << golden.file(file) << "\nmade:\n"
                                     << pretty(*value) << "expected:\n"
                                     << pretty(*expected_value);
}

void expect_usage(const Case& golden, const std::optional<llm::Usage>& usage) {
  if (usage || golden.text("usage.json")) expect_json(golden, "usage.json", usage_text(usage));
}

std::vector<std::string_view> in_bytes(std::string_view bytes) {
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < bytes.size(); ++i) pieces.push_back(bytes.substr(i, 1));
  return pieces;
}

class GoldenRequest : public testing::TestWithParam<Case> {};
class GoldenAnswer : public testing::TestWithParam<Case> {};
class GoldenStream : public testing::TestWithParam<Case> {};

TEST_P(GoldenRequest, TheProviderGetsWhatTheClientMeant) {
  const Exchange exchange(GetParam());
  if (exchange.is_refused()) {
    EXPECT_FALSE(GetParam().text("upstream_request.json").has_value()) << exchange.refusal();
    expect_json(GetParam(), "client_response.json", exchange.refusal());
  } else {
    expect_json(GetParam(), "upstream_request.json", exchange.upstream_request());
  }
}

TEST_P(GoldenAnswer, TheClientGetsWhatTheProviderMeant) {
  const Outcome outcome = Exchange(GetParam()).answer(*GetParam().text("upstream_response.json"));
  expect_json(GetParam(), "client_response.json", outcome.text);
  expect_usage(GetParam(), outcome.usage);
}

TEST_P(GoldenStream, TheClientGetsWhatTheProviderMeant) {
  const auto stream = GetParam().stream();
  const Outcome outcome = Exchange(GetParam()).stream({stream->first}, stream->second);
  if (g_updates) write_file(GetParam().file("client_response.sse"), outcome.text);
  const auto expected = GetParam().text("client_response.sse");
  ASSERT_TRUE(expected.has_value()) << "client_response.sse is missing; this was made:\n"
                                    << outcome.text;
  EXPECT_TRUE(frames_of(outcome.text) == frames_of(*expected)) << GetParam().folder << "\nmade:\n"
                                                               << outcome.text << "expected:\n"
                                                               << *expected;
  expect_usage(GetParam(), outcome.usage);
}

TEST_P(GoldenStream, ItIsTheSameWhereverItsBytesAreCut) {
  const auto stream = GetParam().stream();
  const Exchange exchange(GetParam());
  const std::string_view bytes = stream->first;
  const std::string whole = exchange.stream({bytes}, stream->second).text;
  EXPECT_EQ(exchange.stream(in_bytes(bytes), stream->second).text, whole);
  for (std::size_t at = 1; at < bytes.size(); ++at) {
    const std::vector<std::string_view> halves{bytes.substr(0, at), bytes.substr(at)};
    ASSERT_EQ(exchange.stream(halves, stream->second).text, whole) << "cut at " << at;
  }
}

std::vector<Case> cases_with(std::string_view part) {
  std::vector<Case> cases = all_cases();
  std::erase_if(cases, [&](const Case& golden) {
    const bool has_answer = golden.text("upstream_response.json").has_value();
    return part == "answer" ? !has_answer : part == "stream" && !golden.stream().has_value();
  });
  return cases;
}

std::string name_of_case(const testing::TestParamInfo<Case>& golden) { return golden.param.name; }

INSTANTIATE_TEST_SUITE_P(Cases, GoldenRequest, testing::ValuesIn(cases_with("request")),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Cases, GoldenAnswer, testing::ValuesIn(cases_with("answer")),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Cases, GoldenStream, testing::ValuesIn(cases_with("stream")),
                         name_of_case);

}  // namespace

void update_golden_files() { g_updates = true; }

}  // namespace gatehouse::dialects::golden

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--update") gatehouse::dialects::golden::update_golden_files();
  }
  return RUN_ALL_TESTS();
}
