// Reading a request body with OpenAI's messages for what is wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "demo/refusal.h"
#include "json/value.h"

namespace gatehouse::demo {

/// The body as a JSON object. Refuses anything else.
Outcome<json::Value> read_body(std::string_view body);

/// The model's name; refuses a body without one.
Outcome<std::string> read_model(const json::Value& body);

/// A whole number or nothing (absent, null). Refuses other types and what lies outside of the
/// range.
struct Range {
  std::int64_t low;
  std::int64_t high;
};
Outcome<std::optional<std::int64_t>> read_integer(const json::Value& body, std::string_view key,
                                                  Range range);

/// Refuses a number outside of the range, or no number; the demo needs nothing but that check.
Outcome<void> check_number(const json::Value& body, std::string_view key, double low, double high);

/// A member that must be an object if it is there; nullptr if it is absent or null.
Outcome<const json::Value*> read_object(const json::Value& body, std::string_view key);

/// A member that must be true or false if it is there. Absent and null are false.
Outcome<bool> read_flag(const json::Value& body, std::string_view key);

/// `stop`: a text or up to four.
Outcome<std::vector<std::string>> read_stop(const json::Value& body);

/// A text, or a list of at least one text.
Outcome<std::vector<std::string>> read_texts(const json::Value& body, std::string_view key);

}  // namespace gatehouse::demo
