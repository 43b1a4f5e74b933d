// Reading JSON that others wrote, in two tempers:
// - a client's request is checked: a member of the wrong type is the client's mistake, and the
// error
//   names it (`Fields`);
// - a provider's answer is taken as it comes: what has the wrong type counts as absent (`text_at`
// …).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "llm/message.h"

namespace gatehouse::dialects {

/// Keeps the first thing found wrong with a request, so that readers need not stop at each.
class Problems {
 public:
  /// `message` is a sentence: what is wrong, and what is allowed.
  void report(std::string param, std::string message);
  bool is_any() const { return first_.has_value(); }
  /// The error to answer with. Call only if there is one.
  Error take() { return std::move(*first_); }

 private:
  std::optional<Error> first_;
};

/// The members of one object of a request. Each getter checks the type; absent and null are the
/// same.
class Fields {
 public:
  /// `path` says where the object stands: "" for the body, "messages[2]." within it.
  Fields(const json::Object& object, std::string path, Problems& problems)
      : object_(object), path_(std::move(path)), problems_(problems) {}

  std::string text(std::string_view key);
  std::optional<double> number(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  const json::Object* object(std::string_view key);
  const json::Array* array(std::string_view key);
  /// A member of any type but null.
  const json::Value* any(std::string_view key);
  /// The JSON text of a member of any type but null; empty if absent.
  std::string raw(std::string_view key);
  /// The JSON text of a member that must be an object; empty if absent.
  std::string raw_object(std::string_view key);
  /// A string, or a list of strings.
  std::vector<std::string> texts(std::string_view key);
  /// A list whose elements must be objects; others are reported and left out.
  std::vector<Fields> objects(std::string_view key);

  /// Reports that a member that must be there is not, or not as it must be.
  void report(std::string_view key, std::string_view what_is_allowed);
  /// The members that no getter was asked for.
  std::vector<llm::RawMember> rest() const;
  const json::Object& whole() const { return object_; }
  std::string path_of(std::string_view key) const { return path_ + std::string(key); }
  Problems& problems() { return problems_; }

 private:
  const json::Object& object_;
  std::string path_;
  Problems& problems_;
  std::vector<std::string_view> taken_;
};

std::string_view text_at(const json::Value& value, std::string_view key);
std::optional<std::int64_t> integer_at(const json::Value& value, std::string_view key);
bool flag_at(const json::Value& value, std::string_view key);
const json::Object* object_at(const json::Value& value, std::string_view key);
/// An empty list if the member is absent or no list.
const json::Array& array_at(const json::Value& value, std::string_view key);
/// The value that a path of keys leads to, or nullptr.
const json::Value* value_at(const json::Value& value, std::initializer_list<std::string_view> path);
/// A number of any kind as a double.
std::optional<double> as_number(const json::Value& value);
std::optional<std::int64_t> as_integer(const json::Value& value);

/// Parses a request, which must be an object. Error: invalid_request.
Result<json::Value> parse_request(std::string_view text);

}  // namespace gatehouse::dialects
