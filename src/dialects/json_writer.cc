#include "dialects/json_writer.h"

#include <charconv>

#include "json/scan.h"

namespace gatehouse::dialects {
namespace {

template <class Number>
void append_number(std::string& out, Number value) {
  char digits[32];
  const auto result = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, result.ptr);
}

}  // namespace

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

JsonWriter& JsonWriter::begin(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view key) {
  separate();
  out_ += '"';
  json::append_escaped(out_, key);
  out_ += "\":";
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  out_ += '"';
  json::append_escaped(out_, value);
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  append_number(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  separate();
  append_number(out_, value);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::value(const json::Value& value) {
  if (const json::Object* object = value.if_object()) {
    open();
    for (const auto& member : *object) key(member.key()).value(member.value());
    return close();
  }
  if (const json::Array* array = value.if_array()) {
    open_list();
    for (const json::Value& element : *array) this->value(element);
    return close_list();
  }
  if (const json::String* string = value.if_string()) return text(*string);
  if (const auto* integer_value = value.if_int64()) return integer(*integer_value);
  if (const auto* double_value = value.if_double()) return number(*double_value);
  if (const auto* bool_value = value.if_bool()) return flag(*bool_value);
  if (const auto* unsigned_value = value.if_uint64()) {
    separate();
    append_number(out_, *unsigned_value);
    return *this;
  }
  return null();
}

JsonWriter& JsonWriter::text_if_any(std::string_view key, std::string_view value) {
  return value.empty() ? *this : text(key, value);
}

JsonWriter& JsonWriter::raw_if_any(std::string_view key, std::string_view json) {
  return json.empty() ? *this : raw(key, json);
}

JsonWriter& JsonWriter::integer_if_any(std::string_view key, std::optional<std::int64_t> value) {
  return value ? integer(key, *value) : *this;
}

JsonWriter& JsonWriter::number_if_any(std::string_view key, std::optional<double> value) {
  return value ? number(key, *value) : *this;
}

JsonWriter& JsonWriter::flag_if_any(std::string_view key, std::optional<bool> value) {
  return value ? flag(key, *value) : *this;
}

std::string to_text(const json::Value& value) {
  std::string text;
  JsonWriter(text).value(value);
  return text;
}

}  // namespace gatehouse::dialects
