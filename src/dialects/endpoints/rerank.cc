#include "dialects/endpoints/rerank.h"

#include <algorithm>

#include "base/percent.h"
#include "dialects/endpoints/answers.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::endpoints {
namespace {

struct RerankAsk {
  json::Value whole;
  std::vector<std::string> documents;
};

Result<RerankAsk> read_rerank(const EndpointAsk& ask) {
  Result<json::Value> body = parse_ask(ask);
  if (!body) return fail(std::move(body.error()));
  RerankAsk rerank;
  rerank.whole = std::move(*body);
  if (text_at(rerank.whole, "query").empty()) {
    return wrong_param("query", "'query' must be a text.");
  }
  for (const json::Value& item : array_at(rerank.whole, "documents")) {
    const bool is_text = item.is_string();
    if (!is_text && !item.is_object()) {
      return wrong_param("documents", "'documents' must be a list of texts or {\"text\": ...}.");
    }
    rerank.documents.emplace_back(is_text ? std::string_view(item.get_string())
                                          : text_at(item, "text"));
  }
  if (!rerank.documents.empty()) return rerank;
  return wrong_param("documents", "'documents' must be a list with at least one document.");
}

void write_result(JsonWriter& json, const json::Value& result, const RerankAsk& asked) {
  const std::int64_t index = integer_at(result, "index").value_or(0);
  json.open().integer("index", index);
  if (const json::Value* score = json::find(result, "relevance_score")) {
    json.value("relevance_score", *score);
  }
  const bool is_known = index >= 0 && static_cast<std::size_t>(index) < asked.documents.size();
  if (flag_at(asked.whole, "return_documents") && is_known) {
    const std::string& text = asked.documents[static_cast<std::size_t>(index)];
    json.open("document").text("text", text).close();
  }
  json.close();
}

std::vector<const json::Value*> best_first(const json::Array& results) {
  std::vector<const json::Value*> sorted;
  for (const json::Value& result : results) sorted.push_back(&result);
  std::ranges::stable_sort(sorted, std::ranges::greater(), [](const json::Value* result) {
    const json::Value* score = json::find(*result, "relevance_score");
    return score != nullptr ? as_number(*score).value_or(0) : 0.0;
  });
  return sorted;
}

}  // namespace

Result<std::vector<EncodedRequest>> CohereRerank::encode(const EndpointAsk& ask) const {
  const Result<RerankAsk> rerank = read_rerank(ask);
  if (!rerank) return fail(rerank.error());
  std::string body;
  JsonWriter json(body);
  json.open();
  if (ask.host == Host::own) json.text("model", ask.model);
  if (ask.host == Host::bedrock) json.integer("api_version", 2);
  json.text("query", text_at(rerank->whole, "query")).open_list("documents");
  for (const std::string& document : rerank->documents) json.text(document);
  json.close_list().integer_if_any("top_n", integer_at(rerank->whole, "top_n"));
  json.integer_if_any("max_tokens_per_doc", integer_at(rerank->whole, "max_tokens_per_doc"));
  if (ask.host == Host::own) {
    json.integer_if_any("priority", integer_at(rerank->whole, "priority"));
  }
  json.close();
  const bool is_own = ask.host == Host::own;
  return one_request(is_own ? "/v2/rerank" : "/model/" + percent_encoded(ask.model) + "/invoke",
                     std::move(body));
}

Result<EndpointReply> CohereRerank::decode(const EndpointAsk& ask,
                                           std::span<const std::string> answers) const {
  const Result<std::vector<json::Value>> parsed = parse_answers(ask, answers);
  if (!parsed) return fail(parsed.error());
  const Result<RerankAsk> asked = read_rerank(ask);
  if (!asked) return fail(asked.error());
  const json::Value& answer = parsed->front();
  const json::Value* results = json::find(answer, "results");
  if (results == nullptr || !results->is_array()) return malformed(ask, answers.front());
  EndpointReply reply;
  JsonWriter json(reply.body);
  json.open().text_if_any("id", text_at(answer, "id")).text("object", "list").open_list("results");
  for (const json::Value* result : best_first(results->get_array())) {
    write_result(json, *result, *asked);
  }
  json.close_list().text("model", ask.model).text("provider", ask.provider);
  if (const json::Value* units = value_at(answer, {"meta", "billed_units", "search_units"})) {
    json.open("usage").value("search_units", *units).close();
  }
  json.close();
  return reply;
}

}  // namespace gatehouse::dialects::endpoints
