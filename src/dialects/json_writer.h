// Writes JSON text straight into a string: no tree in between, which a stream of deltas would pay
// for in every chunk.
//
//   JsonWriter json(out);
//   json.open().text("role", "user").open_list("content").text("hi").close_list().close();
//
// Commas are put where they belong. That every open has its close is the caller's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace gatehouse::dialects {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& open() { return begin('{'); }
  JsonWriter& open(std::string_view key) { return this->key(key).begin('{'); }
  JsonWriter& close() { return end('}'); }
  JsonWriter& open_list() { return begin('['); }
  JsonWriter& open_list(std::string_view key) { return this->key(key).begin('['); }
  JsonWriter& close_list() { return end(']'); }

  /// A member's key; its value must be the next thing written.
  JsonWriter& key(std::string_view key);

  JsonWriter& text(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& number(double value);
  JsonWriter& flag(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  /// A value that is JSON text already.
  JsonWriter& raw(std::string_view json);
  /// Members that are JSON text already, without the braces around them. Not empty.
  JsonWriter& members(std::string_view json) { return raw(json); }
  JsonWriter& value(const json::Value& value);

  JsonWriter& text(std::string_view key, std::string_view value) {
    return this->key(key).text(value);
  }
  JsonWriter& integer(std::string_view key, std::int64_t value) {
    return this->key(key).integer(value);
  }
  JsonWriter& number(std::string_view key, double value) { return this->key(key).number(value); }
  JsonWriter& flag(std::string_view key, bool value) { return this->key(key).flag(value); }
  JsonWriter& null(std::string_view key) { return this->key(key).null(); }
  JsonWriter& raw(std::string_view key, std::string_view json) { return this->key(key).raw(json); }
  JsonWriter& value(std::string_view key, const json::Value& value) {
    return this->key(key).value(value);
  }

  /// Members that are left out when there is nothing to say.
  JsonWriter& text_if_any(std::string_view key, std::string_view value);
  JsonWriter& raw_if_any(std::string_view key, std::string_view json);
  JsonWriter& integer_if_any(std::string_view key, std::optional<std::int64_t> value);
  JsonWriter& number_if_any(std::string_view key, std::optional<double> value);
  JsonWriter& flag_if_any(std::string_view key, std::optional<bool> value);

 private:
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  void separate();

  std::string& out_;
  bool needs_comma_ = false;
};

/// A value as JSON text, numbers in their shortest form.
std::string to_text(const json::Value& value);

}  // namespace gatehouse::dialects
