#include "cache/semantic_question.h"

#include "cache/canonical_body.h"
#include "json/value.h"

namespace gatehouse::cache {
namespace {

constexpr std::size_t kMaxMessages = 4;
constexpr std::size_t kMaxText = std::size_t{8191} * 4;

/// Moves the text out of where it stands.
void move_text(json::Value& place, std::string& text) {
  if (!place.is_string()) return;
  if (!text.empty()) text += '\n';
  text.append(place.get_string());
  place = "";
}

void move_user_text(json::Object& message, std::string& text) {
  json::Value* const content = message.if_contains("content");
  if (content == nullptr) return;
  move_text(*content, text);
  if (!content->is_array()) return;
  for (json::Value& part : content->get_array()) {
    if (json::string_or(part, "type", "") != "text") continue;
    if (json::Value* const inner = part.get_object().if_contains("text")) move_text(*inner, text);
  }
}

bool move_chat_text(json::Object& body, std::string& text) {
  json::Value* const messages = body.if_contains("messages");
  if (messages == nullptr || !messages->is_array()) return false;
  if (messages->get_array().size() > kMaxMessages) return false;
  for (json::Value& message : messages->get_array()) {
    if (json::string_or(message, "role", "") == "user") move_user_text(message.get_object(), text);
  }
  return true;
}

bool move_prompt(json::Object& body, std::string& text) {
  json::Value* const prompt = body.if_contains("prompt");
  if (prompt == nullptr || !prompt->is_string()) return false;
  move_text(*prompt, text);
  return true;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string numbers_in(std::string_view text) {
  std::string numbers;
  bool is_inside = false;
  for (const char c : text) {
    if (is_digit(c)) {
      if (!is_inside) numbers += ' ';
      numbers += c;
    }
    is_inside = is_digit(c);
  }
  return numbers;
}

}  // namespace

std::optional<SemanticQuestion> read_semantic_question(exchange::Endpoint endpoint,
                                                       std::string_view body) {
  const bool is_chat = endpoint == exchange::Endpoint::chat_complete;
  if (!is_chat && endpoint != exchange::Endpoint::complete) return std::nullopt;
  Result<json::Value> tree = json::parse(body);
  if (!tree || !tree->is_object()) return std::nullopt;
  SemanticQuestion question;
  json::Object& object = tree->get_object();
  const bool is_read =
      is_chat ? move_chat_text(object, question.text) : move_prompt(object, question.text);
  if (!is_read || question.text.empty() || question.text.size() > kMaxText) return std::nullopt;
  std::optional<std::string> rest = canonical_body(json::serialize(*tree));
  if (!rest) return std::nullopt;
  question.rest = std::move(*rest) + numbers_in(question.text);
  return question;
}

}  // namespace gatehouse::cache
