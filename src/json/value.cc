#include "json/value.h"

namespace gatehouse::json {
namespace {
constexpr std::size_t kMaxDepth = 128;
}

Result<Value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::parser parser({}, options);
  boost::json::error_code error;
  const std::size_t read = parser.write(text.data(), text.size(), error);
  if (error) {
    return fail(client_error(
        ErrorCode::invalid_request,
        "The JSON is not valid at byte " + std::to_string(read) + ": " + error.message() + "."));
  }
  return parser.release();
}

std::string serialize(const Value& value) { return boost::json::serialize(value); }

const Value* find(const Value& value, std::string_view key) {
  return value.is_object() ? value.get_object().if_contains(key) : nullptr;
}

const Value* find(const Object& object, std::string_view key) { return object.if_contains(key); }

std::string_view string_or(const Value& value, std::string_view key, std::string_view otherwise) {
  const Value* member = find(value, key);
  if (member == nullptr || !member->is_string()) return otherwise;
  return std::string_view(member->get_string());
}

}  // namespace gatehouse::json
