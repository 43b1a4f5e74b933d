#include "routing/event_meaning.h"

#include <algorithm>

#include "json/scan.h"

namespace gatehouse::routing {
namespace {

using json::Member;
using Members = std::vector<Member>;

bool says_something(const Member& member) {
  const std::string_view value = member.value;
  return value != "null" && value != "\"\"" && value != "[]" && value != "{}";
}

std::string error_message(std::string_view value) {
  if (const auto text = json::unescape(value)) return *text;
  const Result<Members> members = json::scan_object(value);
  if (!members) return "an error without words";
  const Member* const message = json::find(*members, "message");
  if (message == nullptr) return "an error without words";
  return json::unescape(message->value).value_or("an error without words");
}

void read_delta(std::string_view delta, EventMeaning& meaning) {
  const Result<Members> members = json::scan_object(delta);
  if (!members) return;
  for (const Member& member : *members) {
    if (member.has_key("role") || !says_something(member)) continue;
    meaning.is_semantic = true;
    if (member.has_key("content") && member.is_string()) {
      meaning.content = member.value;
      meaning.text = json::unescape(member.value).value_or("");
    } else if (!member.has_key("reasoning_content") && !member.has_key("reasoning")) {
      meaning.is_plain = false;
    }
  }
}

void read_choice(std::string_view choice, EventMeaning& meaning) {
  const Result<Members> members = json::scan_object(choice);
  if (!members) {
    meaning.is_malformed = true;
    return;
  }
  const Member* const index = json::find(*members, "index");
  if (index != nullptr && index->value != "0") meaning.is_plain = false;
  const Member* const finish = json::find(*members, "finish_reason");
  if (finish != nullptr && finish->is_string()) meaning.is_finish = meaning.is_semantic = true;
  if (const Member* const delta = json::find(*members, "delta")) read_delta(delta->value, meaning);
  if (const Member* const text = json::find(*members, "text")) {
    if (says_something(*text)) meaning.is_semantic = true;
  }
}

void read_chunk(const Members& members, EventMeaning& meaning) {
  if (const Member* const id = json::find(members, "id")) meaning.id = id->value;
  const Member* const choices = json::find(members, "choices");
  if (choices == nullptr) return;
  const auto list = json::scan_array(choices->value);
  if (!list) {
    meaning.is_malformed = true;
    return;
  }
  if (list->size() > 1) meaning.is_plain = false;
  for (const std::string_view choice : *list) read_choice(choice, meaning);
}

std::string type_of(const Members& members, std::string_view event_name) {
  const Member* const type = json::find(members, "type");
  if (type == nullptr) return std::string(event_name);
  return json::unescape(type->value).value_or(std::string(event_name));
}

void read_named(std::string_view type, EventShape shape, EventMeaning& meaning) {
  meaning.is_plain = false;
  if (shape == EventShape::messages) {
    meaning.is_semantic = type == "content_block_delta" || type == "message_delta";
    meaning.is_finish = meaning.is_done = type == "message_stop";
  } else {
    meaning.is_semantic = type.ends_with(".delta") || type.ends_with(".done");
    meaning.is_finish = type == "response.completed" || type == "response.incomplete";
    meaning.is_done = meaning.is_finish;
  }
  if (meaning.is_finish) meaning.is_semantic = true;
}

}  // namespace

EventMeaning meaning_of(std::string_view event_name, std::string_view data, EventShape shape) {
  EventMeaning meaning;
  if (data.empty()) {
    meaning.is_empty = true;
    return meaning;
  }
  if (data == "[DONE]") {
    meaning.is_done = true;
    return meaning;
  }
  const Result<Members> members = json::scan_object(data);
  if (!members) {
    meaning.is_malformed = true;
    return meaning;
  }
  const Member* const error = json::find(*members, "error");
  if (error != nullptr && says_something(*error)) {
    meaning.error = error_message(error->value);
    return meaning;
  }
  switch (shape) {
    case EventShape::chat:
    case EventShape::completion: read_chunk(*members, meaning); break;
    case EventShape::messages:
    case EventShape::responses: read_named(type_of(*members, event_name), shape, meaning); break;
    case EventShape::unknown: meaning.is_semantic = true; break;
  }
  return meaning;
}

}  // namespace gatehouse::routing
