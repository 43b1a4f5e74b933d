#include "demo/checks.h"

#include <cmath>

namespace gatehouse::demo {
namespace {

using json::Value;

constexpr std::size_t kMostStops = 4;
constexpr std::size_t kMostTexts = 2048;

/// nullptr for an absent member and for null: OpenAI takes both as unsaid.
const Value* said(const Value& body, std::string_view key) {
  const Value* value = json::find(body, key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::unexpected<Refusal> wrong_type(std::string_view key, std::string_view wanted) {
  return refuse(std::string(key), "Invalid type for '" + std::string(key) + "': expected " +
                                      std::string(wanted) + ".");
}

}  // namespace

Outcome<Value> read_body(std::string_view body) {
  Result<Value> parsed = json::parse(body);
  if (!parsed) {
    return refuse("",
                  "We could not parse the JSON body of your request. " + parsed.error()->message);
  }
  if (!parsed->is_object()) return refuse("", "The body of your request must be a JSON object.");
  return *std::move(parsed);
}

Outcome<std::string> read_model(const Value& body) {
  const Value* model = said(body, "model");
  if (model == nullptr) return refuse("model", "You must provide a model parameter.");
  if (!model->is_string() || model->get_string().empty()) return wrong_type("model", "a string");
  return std::string(model->get_string());
}

Outcome<std::optional<std::int64_t>> read_integer(const Value& body, std::string_view key,
                                                  Range range) {
  const Value* value = said(body, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) return wrong_type(key, "an integer");
  const double number = value->to_number<double>();
  if (number != std::floor(number)) return wrong_type(key, "an integer");
  const bool is_inside =
      number >= static_cast<double>(range.low) && number <= static_cast<double>(range.high);
  if (is_inside) return static_cast<std::int64_t>(number);
  return refuse(std::string(key), "Invalid '" + std::string(key) + "': must be from " +
                                      std::to_string(range.low) + " to " +
                                      std::to_string(range.high) + ".");
}

Outcome<void> check_number(const Value& body, std::string_view key, double low, double high) {
  const Value* value = said(body, key);
  if (value == nullptr) return {};
  if (!value->is_number()) return wrong_type(key, "a number");
  const double number = value->to_number<double>();
  if (number >= low && number <= high) return {};
  return refuse(std::string(key), "Invalid '" + std::string(key) + "': must be from " +
                                      json::serialize(static_cast<std::int64_t>(low)) + " to " +
                                      json::serialize(static_cast<std::int64_t>(high)) + ".");
}

Outcome<const Value*> read_object(const Value& body, std::string_view key) {
  const Value* value = said(body, key);
  if (value != nullptr && !value->is_object()) return wrong_type(key, "an object");
  return value;
}

Outcome<bool> read_flag(const Value& body, std::string_view key) {
  const Value* value = said(body, key);
  if (value == nullptr) return false;
  if (!value->is_bool()) return wrong_type(key, "a boolean");
  return value->get_bool();
}

Outcome<std::vector<std::string>> read_stop(const Value& body) {
  if (said(body, "stop") == nullptr) return std::vector<std::string>{};
  Outcome<std::vector<std::string>> stops = read_texts(body, "stop");
  if (stops && stops->size() > kMostStops) {
    return refuse("stop", "Invalid 'stop': at most 4 sequences are possible.");
  }
  return stops;
}

Outcome<std::vector<std::string>> read_texts(const Value& body, std::string_view key) {
  const Value* value = said(body, key);
  if (value == nullptr) {
    return refuse(std::string(key), "Missing required parameter: '" + std::string(key) + "'.");
  }
  if (value->is_string()) return std::vector{std::string(value->get_string())};
  if (!value->is_array()) return wrong_type(key, "a string or an array of strings");
  std::vector<std::string> texts;
  for (const Value& one : value->get_array()) {
    if (!one.is_string()) return wrong_type(key, "a string or an array of strings");
    texts.emplace_back(one.get_string());
  }
  if (texts.empty() || texts.size() > kMostTexts) {
    return refuse(std::string(key), "Invalid '" + std::string(key) + "': from 1 to 2048 entries.");
  }
  return texts;
}

}  // namespace gatehouse::demo
