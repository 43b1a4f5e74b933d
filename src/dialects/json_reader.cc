#include "dialects/json_reader.h"

#include <algorithm>
#include <cmath>

#include "dialects/json_writer.h"

namespace gatehouse::dialects {
namespace {

constexpr double kFirstTooLarge = 9223372036854775808.0;  // 2^63

}  // namespace

void Problems::report(std::string param, std::string message) {
  if (first_) return;
  first_ = client_error(ErrorCode::invalid_request, std::move(message), std::move(param));
}

const json::Value* Fields::any(std::string_view key) {
  taken_.push_back(key);
  const json::Value* value = json::find(object_, key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Fields::report(std::string_view key, std::string_view what_is_allowed) {
  const std::string param = path_of(key);
  problems_.report(param, "'" + param + "' must be " + std::string(what_is_allowed) + ".");
}

std::string Fields::text(std::string_view key) {
  const json::Value* value = any(key);
  if (value == nullptr) return {};
  if (const json::String* string = value->if_string()) return std::string(*string);
  report(key, "a string");
  return {};
}

std::optional<double> Fields::number(std::string_view key) {
  const json::Value* value = any(key);
  if (value == nullptr) return std::nullopt;
  const std::optional<double> number = as_number(*value);
  if (!number) report(key, "a number");
  return number;
}

std::optional<std::int64_t> Fields::integer(std::string_view key) {
  const json::Value* value = any(key);
  if (value == nullptr) return std::nullopt;
  const std::optional<std::int64_t> integer = as_integer(*value);
  if (!integer) report(key, "an integer");
  return integer;
}

std::optional<bool> Fields::flag(std::string_view key) {
  const json::Value* value = any(key);
  if (value == nullptr) return std::nullopt;
  if (const bool* flag = value->if_bool()) return *flag;
  report(key, "true or false");
  return std::nullopt;
}

const json::Object* Fields::object(std::string_view key) {
  const json::Value* value = any(key);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) report(key, "an object");
  return value->if_object();
}

const json::Array* Fields::array(std::string_view key) {
  const json::Value* value = any(key);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) report(key, "a list");
  return value->if_array();
}

std::string Fields::raw(std::string_view key) {
  const json::Value* value = any(key);
  return value == nullptr ? std::string() : to_text(*value);
}

std::string Fields::raw_object(std::string_view key) {
  return object(key) == nullptr ? std::string() : to_text(*json::find(object_, key));
}

std::vector<std::string> Fields::texts(std::string_view key) {
  const json::Value* value = any(key);
  std::vector<std::string> found;
  if (value == nullptr) return found;
  if (const json::String* string = value->if_string()) {
    found.emplace_back(*string);
    return found;
  }
  const json::Array* array = value->if_array();
  const bool is_right =
      array != nullptr &&
      std::ranges::all_of(*array, [](const json::Value& element) { return element.is_string(); });
  if (!is_right) {
    report(key, "a string or a list of strings");
    return found;
  }
  for (const json::Value& element : *array) found.emplace_back(*element.if_string());
  return found;
}

std::vector<Fields> Fields::objects(std::string_view key) {
  std::vector<Fields> found;
  const json::Array* elements = array(key);
  if (elements == nullptr) return found;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const std::string place = path_of(key) + "[" + std::to_string(i) + "]";
    const json::Object* object = (*elements)[i].if_object();
    if (object == nullptr) {
      problems_.report(place, "'" + place + "' must be an object.");
    } else {
      found.emplace_back(*object, place + ".", problems_);
    }
  }
  return found;
}

std::vector<llm::RawMember> Fields::rest() const {
  std::vector<llm::RawMember> members;
  for (const auto& member : object_) {
    const std::string_view key = member.key();
    if (std::ranges::find(taken_, key) != taken_.end()) continue;
    members.push_back({std::string(key), to_text(member.value())});
  }
  return members;
}

std::string_view text_at(const json::Value& value, std::string_view key) {
  return json::string_or(value, key, {});
}

std::optional<std::int64_t> integer_at(const json::Value& value, std::string_view key) {
  const json::Value* member = json::find(value, key);
  return member == nullptr ? std::nullopt : as_integer(*member);
}

bool flag_at(const json::Value& value, std::string_view key) {
  const json::Value* member = json::find(value, key);
  return member != nullptr && member->is_bool() && *member->if_bool();
}

const json::Object* object_at(const json::Value& value, std::string_view key) {
  const json::Value* member = json::find(value, key);
  return member == nullptr ? nullptr : member->if_object();
}

const json::Array& array_at(const json::Value& value, std::string_view key) {
  static const json::Array kEmpty;
  const json::Value* member = json::find(value, key);
  const json::Array* array = member == nullptr ? nullptr : member->if_array();
  return array == nullptr ? kEmpty : *array;
}

const json::Value* value_at(const json::Value& value,
                            std::initializer_list<std::string_view> path) {
  const json::Value* found = &value;
  for (const std::string_view key : path) {
    found = json::find(*found, key);
    if (found == nullptr) return nullptr;
  }
  return found;
}

std::optional<double> as_number(const json::Value& value) {
  if (const auto* number = value.if_double()) return *number;
  if (const auto* number = value.if_int64()) return static_cast<double>(*number);
  if (const auto* number = value.if_uint64()) return static_cast<double>(*number);
  return std::nullopt;
}

std::optional<std::int64_t> as_integer(const json::Value& value) {
  if (const auto* number = value.if_int64()) return *number;
  const auto* number = value.if_double();  // 100.0 is an integer too, and so some clients write it
  if (number == nullptr || std::trunc(*number) != *number || std::abs(*number) >= kFirstTooLarge) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

Result<json::Value> parse_request(std::string_view text) {
  Result<json::Value> value = json::parse(text);
  if (value && !value->is_object()) {
    return fail(client_error(ErrorCode::invalid_request, "The request must be a JSON object."));
  }
  return value;
}

}  // namespace gatehouse::dialects
