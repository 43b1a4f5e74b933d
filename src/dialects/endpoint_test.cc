#include "dialects/endpoint.h"

#include <gtest/gtest.h>

#include "dialects/json_writer.h"
#include "json/value.h"

namespace gatehouse::dialects {
namespace {

using llm::DialectId;

/// One endpoint of one provider, asked and answered.
struct EndpointCase {
  std::string_view name;
  EndpointKind kind;
  DialectId dialect;
  Host host;
  std::string_view model;
  std::string_view body;
  std::vector<std::string_view> requests;  // "PATH BODY"
  std::vector<std::string> answers;
  std::string_view reply;
};

void PrintTo(const EndpointCase& one, std::ostream* out) { *out << one.name; }

std::string normal(std::string_view text) {
  const Result<json::Value> value = json::parse(text);
  return value ? to_text(*value) : std::string(text);
}

class EachEndpoint : public testing::TestWithParam<EndpointCase> {
 protected:
  EndpointAsk ask() const {
    return {GetParam().body, GetParam().model, "prov", GetParam().host, 1'700'000'000};
  }
  const EndpointDoor& door() const {
    return *endpoint_door(GetParam().kind, GetParam().dialect, GetParam().host);
  }
};

TEST_P(EachEndpoint, AsksInTheProvidersOwnWords) {
  const Result<std::vector<EncodedRequest>> requests = door().encode(ask());
  ASSERT_TRUE(requests.has_value()) << requests.error()->message;
  ASSERT_EQ(requests->size(), GetParam().requests.size());
  for (std::size_t i = 0; i < requests->size(); ++i) {
    const std::string_view wanted = GetParam().requests[i];
    const std::size_t blank = std::min(wanted.find_first_of(" \n"), wanted.size());
    EXPECT_EQ((*requests)[i].path, wanted.substr(0, blank));
    EXPECT_EQ(normal((*requests)[i].body),
              normal(wanted.substr(std::min(blank + 1, wanted.size()))));
  }
}

TEST_P(EachEndpoint, AnswersInTheClientsWords) {
  const Result<EndpointReply> reply = door().decode(ask(), GetParam().answers);
  ASSERT_TRUE(reply.has_value()) << reply.error()->message;
  EXPECT_EQ(normal(reply->body), normal(GetParam().reply));
}

TEST_P(EachEndpoint, TakesNoNonsenseForAnAnswer) {
  if (GetParam().answers.empty()) return;  // nobody was asked
  for (const std::string_view nonsense : {"", "<html>", "[]", "{}", R"({"embeddings":[1]})",
                                          R"({"predictions":[{"embeddings":1}]})"}) {
    const std::vector<std::string> answers(GetParam().answers.size(), std::string(nonsense));
    const Result<EndpointReply> reply = door().decode(ask(), answers);
    if (reply) continue;  // a list of nothing is a list
    EXPECT_EQ(reply.error()->code, ErrorCode::upstream_malformed) << nonsense;
  }
}

constexpr std::string_view kTwoTexts = R"({"model":"x","input":["a","b"],"dimensions":2})";
constexpr std::string_view kCount =
    R"({"model":"x","system":"Be brief.","messages":[{"role":"user","content":"Hello there"}]})";

const EndpointCase kCases[] = {
    {"gemini_embeddings",
     EndpointKind::embeddings,
     DialectId::gemini,
     Host::own,
     "models/e-1",
     kTwoTexts,
     {R"(/models/e-1:batchEmbedContents {"requests":[
        {"model":"models/e-1","content":{"parts":[{"text":"a"}]},"outputDimensionality":2},
        {"model":"models/e-1","content":{"parts":[{"text":"b"}]},"outputDimensionality":2}]})"},
     {R"({"embeddings":[{"values":[0.5,1]},{"values":[-1,2]}]})"},
     R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,1]},
        {"object":"embedding","index":1,"embedding":[-1,2]}],"model":"models/e-1","provider":"prov"})"},
    {"vertex_embeddings",
     EndpointKind::embeddings,
     DialectId::gemini,
     Host::vertex,
     "text-embedding-005",
     R"({"input":"a","task_type":"RETRIEVAL_QUERY"})",
     {R"(/publishers/google/models/text-embedding-005:predict
        {"instances":[{"content":"a","task_type":"RETRIEVAL_QUERY"}]})"},
     {R"({"predictions":[{"embeddings":{"values":[1],"statistics":{"token_count":3}}}]})"},
     R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],
        "model":"text-embedding-005","provider":"prov",
        "usage":{"prompt_tokens":3,"total_tokens":3}})"},
    {"vertex_embeddings_one_at_a_time",
     EndpointKind::embeddings,
     DialectId::gemini,
     Host::vertex,
     "gemini-embedding-001",
     R"({"input":["a","b"]})",
     {R"(/publishers/google/models/gemini-embedding-001:predict {"instances":[{"content":"a"}]})",
      R"(/publishers/google/models/gemini-embedding-001:predict {"instances":[{"content":"b"}]})"},
     {R"({"predictions":[{"embeddings":{"values":[1]}}]})",
      R"({"predictions":[{"embeddings":{"values":[2]}}]})"},
     R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]},
        {"object":"embedding","index":1,"embedding":[2]}],
        "model":"gemini-embedding-001","provider":"prov"})"},
    {"titan_embeddings",
     EndpointKind::embeddings,
     DialectId::bedrock_converse,
     Host::bedrock,
     "amazon.titan-embed-text-v2:0",
     kTwoTexts,
     {R"(/model/amazon.titan-embed-text-v2%3A0/invoke {"inputText":"a","dimensions":2})",
      R"(/model/amazon.titan-embed-text-v2%3A0/invoke {"inputText":"b","dimensions":2})"},
     {R"({"embedding":[1,2],"inputTextTokenCount":3})",
      R"({"embedding":[3,4],"inputTextTokenCount":4})"},
     R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,2]},
        {"object":"embedding","index":1,"embedding":[3,4]}],"model":"amazon.titan-embed-text-v2:0",
        "provider":"prov","usage":{"prompt_tokens":7,"total_tokens":7}})"},
    {"cohere_embeddings_on_bedrock",
     EndpointKind::embeddings,
     DialectId::bedrock_converse,
     Host::bedrock,
     "cohere.embed-v4:0",
     R"({"input":"a","input_type":"search_query"})",
     {R"(/model/cohere.embed-v4%3A0/invoke
        {"texts":["a"],"input_type":"search_query","embedding_types":["float"]})"},
     {R"({"embeddings":{"float":[[1,2]]}})"},
     R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,2]}],
        "model":"cohere.embed-v4:0","provider":"prov"})"},
    {"cohere_embeddings",
     EndpointKind::embeddings,
     DialectId::cohere,
     Host::own,
     "embed-v4.0",
     R"({"input":["a"],"encoding_format":"base64","truncate":"END"})",
     {R"(/v2/embed {"model":"embed-v4.0","texts":["a"],"input_type":"search_document",
        "truncate":"END","embedding_types":["float"]})"},
     {R"({"embeddings":{"float":[[1,0.5,-1.25]]},"meta":{"billed_units":{"input_tokens":2}}})"},
     R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAD8AAKC/"}],
        "model":"embed-v4.0","provider":"prov","usage":{"prompt_tokens":2,"total_tokens":2}})"},
    {"cohere_rerank",
     EndpointKind::rerank,
     DialectId::cohere,
     Host::own,
     "rerank-v3.5",
     R"({"query":"q","documents":["a",{"text":"b"}],"top_n":2,"return_documents":true})",
     {R"(/v2/rerank {"model":"rerank-v3.5","query":"q","documents":["a","b"],"top_n":2})"},
     {R"({"id":"r1","results":[{"index":0,"relevance_score":0.25},{"index":1,"relevance_score":0.5}],
        "meta":{"billed_units":{"search_units":1}}})"},
     R"({"id":"r1","object":"list","results":[
        {"index":1,"relevance_score":0.5,"document":{"text":"b"}},
        {"index":0,"relevance_score":0.25,"document":{"text":"a"}}],
        "model":"rerank-v3.5","provider":"prov","usage":{"search_units":1}})"},
    {"rerank_on_bedrock",
     EndpointKind::rerank,
     DialectId::bedrock_converse,
     Host::bedrock,
     "cohere.rerank-v3-5:0",
     R"({"query":"q","documents":["a"]})",
     {R"(/model/cohere.rerank-v3-5%3A0/invoke {"api_version":2,"query":"q","documents":["a"]})"},
     {R"({"results":[{"index":0,"relevance_score":1}]})"},
     R"({"object":"list","results":[{"index":0,"relevance_score":1}],
        "model":"cohere.rerank-v3-5:0","provider":"prov"})"},
    {"imagen",
     EndpointKind::images,
     DialectId::gemini,
     Host::vertex,
     "imagen-4.0",
     R"({"prompt":"a cat","n":2,"size":"1792x1024"})",
     {R"(/publishers/google/models/imagen-4.0:predict {"instances":[{"prompt":"a cat"}],
        "parameters":{"sampleCount":2,"aspectRatio":"16:9"}})"},
     {R"({"predictions":[{"bytesBase64Encoded":"QQ=="},{"bytesBase64Encoded":"Qg=="}]})"},
     R"({"created":1700000000,"data":[{"b64_json":"QQ=="},{"b64_json":"Qg=="}],
        "model":"imagen-4.0","provider":"prov"})"},
    {"gemini_image",
     EndpointKind::images,
     DialectId::gemini,
     Host::own,
     "gemini-2.5-flash-image",
     R"({"prompt":"a cat"})",
     {R"(/models/gemini-2.5-flash-image:generateContent {"contents":[{"role":"user",
        "parts":[{"text":"a cat"}]}],"generationConfig":{"responseModalities":["TEXT","IMAGE"]}})"},
     {R"({"candidates":[{"content":{"parts":[{"text":"here"},{"inlineData":{"data":"QQ=="}}]}}]})"},
     R"({"created":1700000000,"data":[{"b64_json":"QQ=="}],
        "model":"gemini-2.5-flash-image","provider":"prov"})"},
    {"nova_canvas",
     EndpointKind::images,
     DialectId::bedrock_converse,
     Host::bedrock,
     "amazon.nova-canvas-v1:0",
     R"({"prompt":"a cat","size":"512x512","quality":"hd","seed":7})",
     {R"(/model/amazon.nova-canvas-v1%3A0/invoke {"taskType":"TEXT_IMAGE",
        "textToImageParams":{"text":"a cat"},"imageGenerationConfig":{"numberOfImages":1,
        "width":512,"height":512,"quality":"premium","seed":7}})"},
     {R"({"images":["QQ=="]})"},
     R"({"created":1700000000,"data":[{"b64_json":"QQ=="}],
        "model":"amazon.nova-canvas-v1:0","provider":"prov"})"},
    {"stability",
     EndpointKind::images,
     DialectId::bedrock_converse,
     Host::bedrock,
     "stability.sd3-5-large-v1:0",
     R"({"prompt":"a cat","size":"1024x1024"})",
     {R"(/model/stability.sd3-5-large-v1%3A0/invoke {"prompt":"a cat","aspect_ratio":"1:1"})"},
     {R"({"images":["QQ=="]})"},
     R"({"created":1700000000,"data":[{"b64_json":"QQ=="}],
        "model":"stability.sd3-5-large-v1:0","provider":"prov"})"},
    {"models_of_gemini",
     EndpointKind::models,
     DialectId::gemini,
     Host::own,
     "",
     "",
     {"/models?pageSize=1000"},
     {R"({"models":[{"name":"models/gemini-x","displayName":"X"}]})"},
     R"({"object":"list","data":[{"id":"gemini-x","object":"model","created":0,"owned_by":"prov"}],
        "provider":"prov"})"},
    {"models_of_anthropic",
     EndpointKind::models,
     DialectId::anthropic_messages,
     Host::own,
     "",
     "",
     {"/models?limit=1000"},
     {R"({"data":[{"type":"model","id":"claude-x"}],"has_more":false})"},
     R"({"object":"list","data":[{"id":"claude-x","object":"model","created":0,"owned_by":"prov"}],
        "provider":"prov"})"},
    {"count_of_gemini",
     EndpointKind::count_tokens,
     DialectId::gemini,
     Host::own,
     "g",
     kCount,
     {R"(/models/g:countTokens {"generateContentRequest":{"model":"models/g",
        "contents":[{"role":"user","parts":[{"text":"Hello there"}]}],
        "systemInstruction":{"parts":[{"text":"Be brief."}]}}})"},
     {R"({"totalTokens":9})"},
     R"({"input_tokens":9})"},
    {"count_of_bedrock",
     EndpointKind::count_tokens,
     DialectId::anthropic_messages,
     Host::bedrock,
     "us.anthropic.claude-x-v1:0",
     kCount,
     {R"(/model/anthropic.claude-x-v1%3A0/count-tokens {"input":{"converse":{
        "messages":[{"role":"user","content":[{"text":"Hello there"}]}],
        "system":[{"text":"Be brief."}]}}})"},
     {R"({"inputTokens":8})"},
     R"({"input_tokens":8})"},
    {"count_of_claude_on_vertex",
     EndpointKind::count_tokens,
     DialectId::anthropic_messages,
     Host::vertex,
     "claude-x",
     R"({"model":"anthropic.claude-x","messages":[]})",
     {R"(/publishers/anthropic/models/count-tokens:rawPredict {"model":"claude-x","messages":[]})"},
     {R"({"input_tokens":7})"},
     R"({"input_tokens":7})"},
    {"count_is_estimated",
     EndpointKind::count_tokens,
     DialectId::openai_chat,
     Host::own,
     "m",
     kCount,
     {},
     {},
     R"({"input_tokens":11})"},
};

INSTANTIATE_TEST_SUITE_P(Endpoints, EachEndpoint, testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.name); });

std::string refusal(EndpointKind kind, DialectId dialect, Host host, std::string_view model,
                    std::string_view body) {
  const auto requests = endpoint_door(kind, dialect, host)->encode({body, model, "prov", host, 0});
  return requests ? "encoded" : requests.error()->param + ": " + requests.error()->message;
}

TEST(EndpointDoor, NamesTheParameterThatIsWrong) {
  const auto embed = [](std::string_view body) {
    return refusal(EndpointKind::embeddings, DialectId::cohere, Host::own, "m", body);
  };
  EXPECT_EQ(embed(R"({"input":[1,2]})").substr(0, 6), "input:");
  EXPECT_EQ(embed(R"({"input":[]})").substr(0, 6), "input:");
  EXPECT_EQ(embed("{}").substr(0, 6), "input:");
  const auto rerank = [](std::string_view body) {
    return refusal(EndpointKind::rerank, DialectId::cohere, Host::own, "m", body);
  };
  EXPECT_EQ(rerank(R"({"documents":["a"]})").substr(0, 6), "query:");
  EXPECT_EQ(rerank(R"({"query":"q","documents":[]})").substr(0, 10), "documents:");
  EXPECT_EQ(rerank(R"({"query":"q","documents":[1]})").substr(0, 10), "documents:");
  const auto image = [](std::string_view model, std::string_view body) {
    return refusal(EndpointKind::images, DialectId::bedrock_converse, Host::bedrock, model, body);
  };
  EXPECT_EQ(image("amazon.nova-canvas-v1:0", "{}").substr(0, 7), "prompt:");
  EXPECT_EQ(image("amazon.nova-canvas-v1:0", R"({"prompt":"x","size":"big"})").substr(0, 5),
            "size:");
  EXPECT_EQ(image("stability.sd3", R"({"prompt":"x","n":2})").substr(0, 2), "n:");
  EXPECT_EQ(image("amazon.nova-pro-v1:0", R"({"prompt":"x"})").substr(0, 6), "model:");
}

TEST(EndpointDoor, AsksCohereForNinetySixTextsAtATime) {
  std::string body = R"({"input":["t")";
  for (int i = 0; i < 99; ++i) body += R"(,"t")";
  body += "]}";
  const auto requests = endpoint_door(EndpointKind::embeddings, DialectId::cohere, Host::own)
                            ->encode({body, "m", "prov", Host::own, 0});
  ASSERT_TRUE(requests.has_value());
  EXPECT_EQ(requests->size(), 2U);
}

TEST(EndpointDoor, IsMissingWhereAProviderHasNoSuchEndpoint) {
  EXPECT_EQ(endpoint_door(EndpointKind::embeddings, DialectId::anthropic_messages, Host::own),
            nullptr);
  EXPECT_EQ(endpoint_door(EndpointKind::images, DialectId::cohere, Host::own), nullptr);
  EXPECT_EQ(endpoint_door(EndpointKind::embeddings, DialectId::openai_chat, Host::own), nullptr);
}

}  // namespace
}  // namespace gatehouse::dialects
