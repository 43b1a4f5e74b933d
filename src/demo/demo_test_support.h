// Asking the demo in tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "demo/answer.h"
#include "json/value.h"

namespace gatehouse::demo {

inline Answer post(std::string_view path, std::string_view body) {
  return answer({.method = "POST", .path = path, .content_type = "application/json", .body = body});
}

inline std::string text_of(const Answer& answer) {
  std::string text;
  for (const Chunk& chunk : answer.chunks) text += chunk.bytes;
  return text;
}

/// The body of a JSON answer; null, which no test expects, if it is none.
inline json::Value json_of(const Answer& answer) {
  const Result<json::Value> parsed = json::parse(text_of(answer));
  return parsed ? *parsed : json::Value();
}

/// The events of a stream without the closing [DONE]. What is not framed as an event gives a null.
inline std::vector<json::Value> events_of(const Answer& answer) {
  std::vector<json::Value> events;
  for (const Chunk& chunk : answer.chunks) {
    std::string_view line = chunk.bytes;
    if (line == "data: [DONE]\n\n" && &chunk == &answer.chunks.back()) return events;
    const bool is_framed = line.starts_with("data: ") && line.ends_with("\n\n");
    const Result<json::Value> event = json::parse(is_framed ? line.substr(6, line.size() - 8) : "");
    events.push_back(event ? *event : json::Value());
  }
  events.emplace_back(nullptr);
  return events;
}

/// `at(value, "/choices/0/message/content")`; what is not there is a text that no test expects.
inline json::Value at(const json::Value& value, std::string_view pointer) {
  boost::json::error_code missing;
  const json::Value* found = value.find_pointer(pointer, missing);
  return found == nullptr ? json::Value("nothing at " + std::string(pointer)) : *found;
}

inline std::string text_at(const json::Value& value, std::string_view pointer) {
  const json::Value found = at(value, pointer);
  return found.is_string() ? std::string(found.get_string()) : json::serialize(found);
}

inline std::string header_of(const Answer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace gatehouse::demo
