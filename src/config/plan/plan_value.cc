#include "config/plan/plan_value.h"

#include "base/text.h"

namespace gatehouse::config {

std::string snake_case(std::string_view key) {
  std::string out;
  for (const char c : key) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper && !out.empty() && out.back() != '_') out.push_back('_');
    out.push_back(ascii_lower(c));
  }
  return out;
}

std::optional<std::string> PlanValue::text() const {
  if (value_->is_string()) return std::string(value_->get_string());
  report("must be a text");
  return std::nullopt;
}

std::optional<bool> PlanValue::flag() const {
  if (value_->is_bool()) return value_->get_bool();
  report("must be true or false");
  return std::nullopt;
}

std::optional<std::int64_t> PlanValue::whole(std::int64_t least, std::int64_t most) const {
  std::int64_t found = 0;
  bool is_whole = false;
  if (value_->is_int64()) {
    found = value_->get_int64();
    is_whole = true;
  } else if (value_->is_double()) {
    const double given = value_->get_double();
    is_whole = given >= -9e15 && given <= 9e15 &&
               given == static_cast<double>(static_cast<std::int64_t>(given));
    if (is_whole) found = static_cast<std::int64_t>(given);
  }
  if (is_whole && found >= least && found <= most) return found;
  report("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<double> PlanValue::number(double least) const {
  std::optional<double> found;
  if (value_->is_int64()) found = static_cast<double>(value_->get_int64());
  if (value_->is_double()) found = value_->get_double();
  if (found && *found >= least) return found;
  report("must be a number of at least " + std::to_string(static_cast<int>(least)));
  return std::nullopt;
}

const json::Object* PlanValue::object() const {
  if (value_->is_object()) return &value_->get_object();
  report("must be an object");
  return nullptr;
}

std::vector<std::string> PlanValue::texts() const {
  std::vector<std::string> list;
  for (const PlanValue& item : items()) {
    if (std::optional<std::string> text = item.text()) list.push_back(std::move(*text));
  }
  return list;
}

std::vector<int> PlanValue::statuses() const {
  std::vector<int> list;
  for (const PlanValue& item : items()) {
    if (const auto status = item.whole(100, 599)) list.push_back(static_cast<int>(*status));
  }
  return list;
}

PlanValue PlanValue::member(std::string_view key, const json::Value& value) const {
  std::string path = path_;
  if (!path.empty()) path.push_back('.');
  return {value, path.append(key), *problems_};
}

std::vector<PlanValue> PlanValue::items() const {
  std::vector<PlanValue> list;
  if (!value_->is_array()) {
    report("must be an array");
    return list;
  }
  std::size_t index = 0;
  for (const json::Value& each : value_->get_array()) {
    list.emplace_back(each, path_ + "[" + std::to_string(index++) + "]", *problems_);
  }
  return list;
}

}  // namespace gatehouse::config
