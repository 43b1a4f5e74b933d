#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "demo/demo_test_support.h"
#include "demo/fingerprint.h"

namespace gatehouse::demo {
namespace {

std::vector<double> vector_of(std::string_view input, std::string_view rest = {}) {
  const Answer answer =
      post("/v1/embeddings", R"({"model":"demo-embed","input":)" +
                                 json::serialize(json::Value(input)) + std::string(rest) + "}");
  std::vector<double> vector;
  const json::Value list = at(json_of(answer), "/data/0/embedding");
  for (const json::Value& one : list.as_array()) vector.push_back(one.to_number<double>());
  return vector;
}

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

TEST(DemoEmbeddings, AreUnitVectorsOfTheSizeAskedFor) {
  const std::vector<double> usual = vector_of("The gate is open.");
  EXPECT_EQ(usual.size(), 256U);
  EXPECT_NEAR(cosine(usual, usual), 1.0, 1e-5);
  const std::vector<double> small = vector_of("The gate is open.", R"(,"dimensions":8)");
  EXPECT_EQ(small.size(), 8U);
  EXPECT_NEAR(cosine(small, small), 1.0, 1e-5);
  const std::vector<double> blank = vector_of("?!");
  EXPECT_NEAR(cosine(blank, blank), 1.0, 1e-5);
}

TEST(DemoEmbeddings, LieNearForTextsThatAreAlike) {
  const std::vector<double> cats = vector_of("cats chase mice in the garden");
  const std::vector<double> cat = vector_of("a cat chases a mouse in the garden");
  const std::vector<double> bonds = vector_of("quarterly bond yields fell sharply");
  EXPECT_GT(cosine(cats, cat), 0.4);
  EXPECT_GT(cosine(cats, cat), cosine(cats, bonds) + 0.3);
}

TEST(DemoEmbeddings, TakeListsAndTokens) {
  const Answer answer = post("/v1/embeddings", R"({"model":"demo-embed","input":["a","b b"]})");
  const json::Value list = json_of(answer);
  EXPECT_EQ(at(list, "/data").as_array().size(), 2U);
  EXPECT_EQ(text_at(list, "/data/1/index"), "1");
  EXPECT_EQ(text_at(list, "/usage/prompt_tokens"), "3");
  EXPECT_EQ(text_at(list, "/model"), "demo-embed");
  const json::Value tokens =
      json_of(post("/v1/embeddings", R"({"model":"demo-embed","input":[[1,2],[3]]})"));
  EXPECT_EQ(at(tokens, "/data").as_array().size(), 2U);
  EXPECT_EQ(text_at(tokens, "/usage/total_tokens"), "3");
}

TEST(DemoEmbeddings, EncodeTheSameFloatsInBase64) {
  const std::vector<double> plain = vector_of("same", R"(,"dimensions":3)");
  const Answer answer =
      post("/v1/embeddings",
           R"({"model":"demo-embed","input":"same","dimensions":3,"encoding_format":"base64"})");
  std::string bytes;
  for (const double value : plain) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift);
  }
  EXPECT_EQ(text_at(json_of(answer), "/data/0/embedding"), base64_of(bytes));
}

TEST(DemoCompletions, ContinueEachPrompt) {
  const json::Value completion =
      json_of(post("/v1/completions", R"({"model":"m","prompt":["Once","Twice"],"n":2})"));
  EXPECT_EQ(at(completion, "/choices").as_array().size(), 4U);
  EXPECT_EQ(text_at(completion, "/choices/0/text"), "[demo] A text that begins with: Once");
  EXPECT_EQ(text_at(completion, "/choices/3/text"), "[demo] A text that begins with: Twice");
  EXPECT_EQ(text_at(completion, "/object"), "text_completion");
}

TEST(DemoCompletions, EchoAndLimit) {
  const json::Value completion = json_of(
      post("/v1/completions", R"({"model":"m","prompt":"Once","echo":true,"max_tokens":2})"));
  EXPECT_EQ(text_at(completion, "/choices/0/text"), "Once[demo");
  EXPECT_EQ(text_at(completion, "/choices/0/finish_reason"), "length");
}

TEST(DemoCompletions, StreamTheSameText) {
  std::string joined;
  const std::vector<json::Value> events =
      events_of(post("/v1/completions", R"({"model":"m","prompt":"Once","stream":true,)"
                                        R"("stream_options":{"include_usage":true}})"));
  for (const json::Value& event : events) {
    if (!at(event, "/choices").as_array().empty()) joined += text_at(event, "/choices/0/text");
  }
  EXPECT_EQ(joined, "[demo] A text that begins with: Once");
  EXPECT_GT(at(events.back(), "/usage/total_tokens").as_int64(), 0);
}

TEST(DemoAnswers, StaySmallWhateverIsAsked) {
  const std::string big(1'000'000, 'x');
  const Answer chat =
      post("/v1/chat/completions", R"({"model":"m","n":16,"messages":[{"role":"user",)"
                                   R"("content":")" +
                                       big + R"("}]})");
  EXPECT_EQ(chat.status, 200);
  EXPECT_LT(text_of(chat).size(), 50'000U);
  const Answer completion = post("/v1/completions", R"({"model":"m","prompt":")" + big + R"("})");
  EXPECT_LT(text_of(completion).size(), 3'000U);
  std::string many = R"({"model":"m","dimensions":4096,"input":["a")";
  for (int i = 0; i < 1000; ++i) many += R"(,"a")";
  EXPECT_EQ(post("/v1/embeddings", many + "]}").status, 400);
}

TEST(DemoModerations, FlagOnlyWhatAsksForIt) {
  const json::Value judged =
      json_of(post("/v1/moderations", R"({"input":["all fine","demo-flag please"]})"));
  EXPECT_EQ(text_at(judged, "/results/0/flagged"), "false");
  EXPECT_EQ(text_at(judged, "/results/1/flagged"), "true");
  EXPECT_TRUE(at(judged, "/results/1/categories").as_object().at("violence").as_bool());
}

TEST(DemoImages, ArePngFilesInBase64) {
  const json::Value images =
      json_of(post("/v1/images/generations", R"({"model":"demo-image","prompt":"A gate","n":2})"));
  EXPECT_EQ(at(images, "/data").as_array().size(), 2U);
  const std::string picture = text_at(images, "/data/0/b64_json");
  EXPECT_TRUE(picture.starts_with("iVBORw0KGgo")) << picture;
  EXPECT_EQ(text_at(images, "/data/0/revised_prompt"), "[demo] A gate");
  const json::Value as_url =
      json_of(post("/v1/images/generations", R"({"prompt":"A gate","response_format":"url"})"));
  EXPECT_TRUE(text_at(as_url, "/data/0/url").starts_with("data:image/png;base64,"));
}

TEST(DemoSpeech, IsAWaveFileOfTheSizeItSays) {
  const Answer answer =
      post("/v1/audio/speech", R"({"model":"tts-1","input":"Hi","voice":"alloy"})");
  EXPECT_EQ(answer.content_type, "audio/wav");
  const std::string wave = text_of(answer);
  ASSERT_GT(wave.size(), 44U);
  EXPECT_TRUE(wave.starts_with("RIFF"));
  const auto said =
      static_cast<unsigned char>(wave[4]) + 256U * static_cast<unsigned char>(wave[5]);
  EXPECT_EQ(said + 8, wave.size());
}

TEST(DemoTranscriptions, ReadTheForm) {
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
      "Content-Type: audio/wav\r\n\r\n12345\r\n--b--\r\n";
  Request request{.method = "POST",
                  .path = "/v1/audio/transcriptions",
                  .content_type = "multipart/form-data; boundary=b",
                  .body = form};
  EXPECT_EQ(text_at(json_of(answer(request)), "/text"),
            "[demo] 5 bytes of audio were sent. No model listened to them.");
  const std::string without = form.substr(0, 20);
  request.body = without;
  EXPECT_EQ(answer(request).status, 400);
}

TEST(Base64, FollowsTheVectorsOfRfc4648) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace gatehouse::demo
