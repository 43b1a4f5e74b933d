#include "cache/text_completion.h"

#include <algorithm>

#include "cache/replay.h"
#include "json/value.h"

namespace gatehouse::cache {
namespace {

/// Joins the choices of a chunk to those that came before.
void join_choice(const json::Value& choice, json::Array& choices) {
  const json::Value* const index = json::find(choice, "index");
  const std::int64_t wanted = index != nullptr && index->is_int64() ? index->get_int64() : 0;
  const auto is_wanted = [&](const json::Value& other) {
    const json::Value* const own = json::find(other, "index");
    return own != nullptr && own->is_int64() && own->get_int64() == wanted;
  };
  auto into = std::ranges::find_if(choices, is_wanted);
  if (into == choices.end()) {
    choices.emplace_back(json::Object{
        {"text", ""}, {"index", wanted}, {"logprobs", nullptr}, {"finish_reason", nullptr}});
    into = choices.end() - 1;
  }
  json::Object& joined = into->get_object();
  joined["text"].get_string().append(json::string_or(choice, "text", ""));
  for (const std::string_view key : {"finish_reason", "logprobs"}) {
    const json::Value* const value = json::find(choice, key);
    if (value != nullptr && !value->is_null()) joined[key] = *value;
  }
}

bool holds_error(const json::Value& chunk) {
  const json::Value* const error = json::find(chunk, "error");
  return error != nullptr && !error->is_null();
}

void append_event(std::string& out, const json::Object& chunk) {
  out += "data: ";
  out += json::serialize(chunk);
  out += "\n\n";
}

/// The chunks of one choice: its text in pieces, then the reason why it ended.
void split_choice(const json::Object& head, const json::Value& choice, std::string& out) {
  const json::Value* const index = json::find(choice, "index");
  std::string_view rest = json::string_or(choice, "text", "");
  do {
    const std::string_view piece = next_piece(rest);
    rest.remove_prefix(piece.size());
    json::Object chunk = head;
    json::Object part{{"text", piece},
                      {"index", index != nullptr ? *index : json::Value(0)},
                      {"logprobs", nullptr},
                      {"finish_reason", nullptr}};
    if (rest.empty()) {
      for (const std::string_view key : {"logprobs", "finish_reason"}) {
        if (const json::Value* const value = json::find(choice, key)) part[key] = *value;
      }
    }
    chunk["choices"] = json::Array{std::move(part)};
    append_event(out, chunk);
  } while (!rest.empty());
}

}  // namespace

std::optional<std::string> join_completion(const std::vector<std::string>& events) {
  json::Object document;
  json::Array choices;
  bool is_done = false;
  for (const std::string& event : events) {
    if (event == "[DONE]") is_done = true;
    if (event.empty() || is_done) continue;
    const Result<json::Value> chunk = json::parse(event);
    if (!chunk || !chunk->is_object() || holds_error(*chunk)) return std::nullopt;
    for (const auto& [key, value] : chunk->get_object()) {
      if (key != "choices" && !value.is_null()) document[key] = value;
    }
    const json::Value* const list = json::find(*chunk, "choices");
    if (list == nullptr || !list->is_array()) continue;
    for (const json::Value& choice : list->get_array()) join_choice(choice, choices);
  }
  const bool has_ended =
      !choices.empty() && std::ranges::none_of(choices, [](const json::Value& choice) {
        return json::find(choice, "finish_reason")->is_null();
      });
  if (!has_ended) return std::nullopt;
  document["choices"] = std::move(choices);
  return json::serialize(document);
}

Result<std::string> split_completion(std::string_view document, UsageChunk usage) {
  const Result<json::Value> tree = json::parse(document);
  const json::Value* const choices = tree ? json::find(*tree, "choices") : nullptr;
  if (choices == nullptr || !choices->is_array()) {
    return fail({ErrorCode::store, Origin::store, "A kept completion has no choices.", {}, {}, {}});
  }
  json::Object head = tree->get_object();
  head.erase("choices");
  const json::Value* const found = json::find(*tree, "usage");
  const json::Value counts = found != nullptr ? *found : json::Value();
  head.erase("usage");
  std::string out;
  for (const json::Value& choice : choices->get_array()) split_choice(head, choice, out);
  if (usage == UsageChunk::yes && !counts.is_null()) {
    head["choices"] = json::Array{};
    head["usage"] = counts;
    append_event(out, head);
  }
  out += "data: [DONE]\n\n";
  return out;
}

}  // namespace gatehouse::cache
