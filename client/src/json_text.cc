#include "gatehouse/json_text.h"

#include "dialects/json_reader.h"
#include "json/scan.h"
#include "json/value.h"

namespace gatehouse::client {
namespace {

std::optional<json::Value> member_of(std::string_view object, std::string_view name) {
  const Result<json::Value> value = json::parse(object);
  if (!value) return std::nullopt;
  const json::Value* member = json::find(*value, name);
  return member == nullptr ? std::nullopt : std::optional(*member);
}

}  // namespace

std::optional<std::string> json_text_member(std::string_view object, std::string_view name) {
  const std::optional<json::Value> member = member_of(object, name);
  if (!member || !member->is_string()) return std::nullopt;
  return std::string(member->get_string());
}

std::optional<double> json_number_member(std::string_view object, std::string_view name) {
  const std::optional<json::Value> member = member_of(object, name);
  return member ? dialects::as_number(*member) : std::nullopt;
}

std::optional<std::string> json_member(std::string_view object, std::string_view name) {
  const std::optional<json::Value> member = member_of(object, name);
  if (!member) return std::nullopt;
  return json::serialize(*member);
}

std::string json_quote(std::string_view text) { return json::quote(text); }

}  // namespace gatehouse::client
