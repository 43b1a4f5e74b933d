#include "base/percent.h"
#include "dialects/endpoints/answers.h"
#include "dialects/endpoints/embed.h"
#include "dialects/endpoints/embeddings.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::endpoints {
namespace {

std::string_view plain_name(std::string_view model) {
  constexpr std::string_view kPrefix = "models/";
  return model.starts_with(kPrefix) ? model.substr(kPrefix.size()) : model;
}

/// Vertex takes several texts in a call from its older models alone.
bool takes_one_text(std::string_view model) { return model.starts_with("gemini-embedding"); }

std::string predict_body(const EmbedAsk& embed, std::span<const std::string> texts) {
  std::string body;
  JsonWriter json(body);
  json.open().open_list("instances");
  for (const std::string& text : texts) {
    json.open().text("content", text);
    json.text_if_any("task_type", embed.said({"task_type", "taskType", "input_type"}));
    json.text_if_any("title", embed.said({"title"})).close();
  }
  json.close_list();
  if (embed.dimensions) {
    json.open("parameters").integer("outputDimensionality", *embed.dimensions).close();
  }
  json.close();
  return body;
}

}  // namespace

Result<std::vector<EncodedRequest>> GeminiEmbeddings::encode(const EndpointAsk& ask) const {
  const Result<EmbedAsk> embed = read_embed(ask);
  if (!embed) return fail(embed.error());
  const std::string_view model = plain_name(ask.model);
  std::string body;
  JsonWriter json(body);
  json.open().open_list("requests");
  for (const std::string& text : embed->texts) {
    json.open().text("model", "models/" + std::string(model));
    json.open("content").open_list("parts").open().text("text", text).close().close_list().close();
    json.text_if_any("taskType", embed->said({"task_type", "taskType", "input_type"}));
    json.text_if_any("title", embed->said({"title"}));
    json.integer_if_any("outputDimensionality", embed->dimensions).close();
  }
  json.close_list().close();
  return one_request("/models/" + percent_encoded(model, "@") + ":batchEmbedContents",
                     std::move(body));
}

Result<EndpointReply> GeminiEmbeddings::decode(const EndpointAsk& ask,
                                               std::span<const std::string> answers) const {
  const Result<std::vector<json::Value>> parsed = parse_answers(ask, answers);
  if (!parsed) return fail(parsed.error());
  std::vector<const json::Array*> vectors;
  for (const json::Value& one : array_at(parsed->front(), "embeddings")) {
    vectors.push_back(&array_at(one, "values"));
  }
  const json::Value* tokens = value_at(parsed->front(), {"usageMetadata", "promptTokenCount"});
  return write_embeddings(ask, vectors, tokens != nullptr ? as_integer(*tokens) : std::nullopt);
}

Result<std::vector<EncodedRequest>> VertexEmbeddings::encode(const EndpointAsk& ask) const {
  const Result<EmbedAsk> embed = read_embed(ask);
  if (!embed) return fail(embed.error());
  const std::string path =
      "/publishers/google/models/" + percent_encoded(ask.model, "@") + ":predict";
  std::vector<EncodedRequest> requests;
  const std::span<const std::string> texts = embed->texts;
  const std::size_t step = takes_one_text(ask.model) ? 1 : texts.size();
  for (std::size_t at = 0; at < texts.size(); at += step) {
    EncodedRequest& request = requests.emplace_back();
    request.path = path;
    request.body = predict_body(*embed, texts.subspan(at, step));
  }
  return requests;
}

Result<EndpointReply> VertexEmbeddings::decode(const EndpointAsk& ask,
                                               std::span<const std::string> answers) const {
  const Result<std::vector<json::Value>> parsed = parse_answers(ask, answers);
  if (!parsed) return fail(parsed.error());
  std::vector<const json::Array*> vectors;
  std::optional<std::int64_t> tokens;
  for (const json::Value& answer : *parsed) {
    for (const json::Value& one : array_at(answer, "predictions")) {
      const json::Value* values = value_at(one, {"embeddings", "values"});
      if (values == nullptr || !values->is_array()) return malformed(ask, json::serialize(one));
      vectors.push_back(&values->get_array());
      const json::Value* count = value_at(one, {"embeddings", "statistics", "token_count"});
      if (count != nullptr) tokens = tokens.value_or(0) + as_integer(*count).value_or(0);
    }
  }
  return write_embeddings(ask, vectors, tokens);
}

}  // namespace gatehouse::dialects::endpoints
