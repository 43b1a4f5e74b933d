#include "demo/written.h"

#include <utility>

namespace gatehouse::demo {
namespace {

/// The first half of an answer, after which its connection breaks.
void cut(Answer& answer) {
  answer.ending = Ending::cut;
  std::vector<Chunk>& chunks = answer.chunks;
  if (chunks.size() > 1) {
    chunks.resize((chunks.size() + 1) / 2);
  } else if (!chunks.empty()) {
    chunks.front().bytes.resize(chunks.front().bytes.size() / 2);
  }
}

json::Value text_or_null(const std::string& text) {
  return text.empty() ? json::Value(nullptr) : json::Value(text);
}

}  // namespace

Answer written(const json::Value& body, const Model& model) {
  return written_bytes("application/json", json::serialize(body), model);
}

Answer written_bytes(std::string content_type, std::string bytes, const Model& model) {
  Answer answer;
  answer.content_type = std::move(content_type);
  answer.chunks.push_back({std::move(bytes), model.pace.first});
  if (model.fate == Fate::cut) cut(answer);
  return answer;
}

Answer streamed(std::vector<Chunk> chunks, const Model& model) {
  Answer answer;
  answer.content_type = "text/event-stream; charset=utf-8";
  answer.chunks = std::move(chunks);
  if (model.fate == Fate::cut) cut(answer);
  return answer;
}

Answer refused(const Refusal& refusal) {
  Answer answer =
      written(json::Object{{"error", json::Object{{"message", refusal.message},
                                                  {"type", refusal.type},
                                                  {"param", text_or_null(refusal.param)},
                                                  {"code", text_or_null(refusal.code)}}}});
  answer.status = refusal.status;
  if (refusal.status == 429) answer.headers.emplace_back("retry-after", "1");
  return answer;
}

json::Value usage_of(std::int64_t prompt_tokens, std::int64_t completion_tokens) {
  return json::Object{{"prompt_tokens", prompt_tokens},
                      {"completion_tokens", completion_tokens},
                      {"total_tokens", prompt_tokens + completion_tokens},
                      {"prompt_tokens_details", json::Object{{"cached_tokens", 0}}},
                      {"completion_tokens_details", json::Object{{"reasoning_tokens", 0}}}};
}

}  // namespace gatehouse::demo
