#include <algorithm>

#include "base/percent.h"
#include "dialects/endpoints/answers.h"
#include "dialects/endpoints/embed.h"
#include "dialects/endpoints/embeddings.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::endpoints {
namespace {

constexpr std::size_t kMostTexts = 96;

/// The members that Cohere's models take wherever they run.
void write_cohere(JsonWriter& json, const EmbedAsk& embed, std::span<const std::string> texts) {
  json.open_list("texts");
  for (const std::string& text : texts) json.text(text);
  json.close_list();
  const std::string_view type = embed.said({"input_type"});
  json.text("input_type", type.empty() ? std::string_view("search_document") : type);
  json.text_if_any("truncate", embed.said({"truncate"}));
  json.open_list("embedding_types").text("float").close_list();
  json.integer_if_any("output_dimension", embed.dimensions);
}

std::vector<EncodedRequest> cohere_requests(const EndpointAsk& ask, const EmbedAsk& embed,
                                            const std::string& path) {
  std::vector<EncodedRequest> requests;
  const std::span<const std::string> texts = embed.texts;
  for (std::size_t at = 0; at < texts.size(); at += kMostTexts) {
    EncodedRequest& request = requests.emplace_back();
    request.path = path;
    JsonWriter json(request.body);
    json.open();
    if (ask.host == Host::own) json.text("model", ask.model);
    write_cohere(json, embed, texts.subspan(at, std::min(kMostTexts, texts.size() - at)));
    json.close();
  }
  return requests;
}

EncodedRequest titan_request(const EmbedAsk& embed, const std::string& text,
                             const std::string& path) {
  EncodedRequest request;
  request.path = path;
  JsonWriter json(request.body);
  json.open().text("inputText", text).integer_if_any("dimensions", embed.dimensions).close();
  return request;
}

/// "embeddings": {"float": [[...]]}, or the list itself.
const json::Array& vectors_at(const json::Value& answer) {
  const json::Value* floats = value_at(answer, {"embeddings", "float"});
  return floats != nullptr && floats->is_array() ? floats->get_array()
                                                 : array_at(answer, "embeddings");
}

std::optional<std::int64_t> tokens_of(const json::Value& answer) {
  for (const auto& path :
       {std::initializer_list<std::string_view>{"meta", "tokens", "input_tokens"},
        {"meta", "billed_units", "input_tokens"},
        {"inputTextTokenCount"}}) {
    if (const json::Value* count = value_at(answer, path)) return as_integer(*count);
  }
  return std::nullopt;
}

Result<EndpointReply> collect(const EndpointAsk& ask, std::span<const std::string> answers) {
  const Result<std::vector<json::Value>> parsed = parse_answers(ask, answers);
  if (!parsed) return fail(parsed.error());
  std::vector<const json::Array*> vectors;
  std::optional<std::int64_t> tokens;
  for (const json::Value& answer : *parsed) {
    if (const json::Array& single = array_at(answer, "embedding"); !single.empty()) {
      vectors.push_back(&single);
    }
    for (const json::Value& vector : vectors_at(answer)) {
      if (!vector.is_array()) return malformed(ask, json::serialize(answer));
      vectors.push_back(&vector.get_array());
    }
    if (const auto count = tokens_of(answer)) tokens = tokens.value_or(0) + *count;
  }
  return write_embeddings(ask, vectors, tokens);
}

}  // namespace

Result<std::vector<EncodedRequest>> CohereEmbeddings::encode(const EndpointAsk& ask) const {
  const Result<EmbedAsk> embed = read_embed(ask);
  if (!embed) return fail(embed.error());
  return cohere_requests(ask, *embed, "/v2/embed");
}

Result<EndpointReply> CohereEmbeddings::decode(const EndpointAsk& ask,
                                               std::span<const std::string> answers) const {
  return collect(ask, answers);
}

Result<std::vector<EncodedRequest>> BedrockEmbeddings::encode(const EndpointAsk& ask) const {
  const Result<EmbedAsk> embed = read_embed(ask);
  if (!embed) return fail(embed.error());
  const std::string path = "/model/" + percent_encoded(ask.model) + "/invoke";
  if (ask.model.find("cohere.") != std::string_view::npos) {
    return cohere_requests(ask, *embed, path);
  }
  if (ask.model.find("titan-embed") == std::string_view::npos) {
    return wrong_param("model", "Embeddings of '" + std::string(ask.model) +
                                    "' are not supported by bedrock: use a model of "
                                    "amazon.titan-embed or cohere.embed.");
  }
  std::vector<EncodedRequest> requests;
  for (const std::string& text : embed->texts) {
    requests.push_back(titan_request(*embed, text, path));
  }
  return requests;
}

Result<EndpointReply> BedrockEmbeddings::decode(const EndpointAsk& ask,
                                                std::span<const std::string> answers) const {
  return collect(ask, answers);
}

}  // namespace gatehouse::dialects::endpoints
