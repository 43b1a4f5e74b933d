// A value of a config object with its path, and how the members of an object are read from a table.
// Problems are collected, so that all of them are reported at once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace gatehouse::config {

/// "retryAttempts" and "retry_attempts" are the same key: both give the latter.
std::string snake_case(std::string_view key);

struct PlanProblem {
  std::string path;
  std::string message;  // "must be ..."
};
using PlanProblems = std::vector<PlanProblem>;

/// Views the value; the document and the problems outlive it. A getter that finds another type
/// reports it and gives nothing.
class PlanValue {
 public:
  PlanValue(const json::Value& value, std::string path, PlanProblems& problems)
      : value_(&value), path_(std::move(path)), problems_(&problems) {}

  const json::Value& json() const { return *value_; }
  const std::string& path() const { return path_; }
  void report(std::string message) const { problems_->push_back({path_, std::move(message)}); }

  std::optional<std::string> text() const;
  std::optional<bool> flag() const;
  std::optional<std::int64_t> whole(std::int64_t least, std::int64_t most) const;
  std::optional<double> number(double least) const;
  const json::Object* object() const;
  std::vector<std::string> texts() const;
  std::vector<int> statuses() const;

  PlanValue member(std::string_view key, const json::Value& value) const;
  std::vector<PlanValue> items() const;

 private:
  const json::Value* value_;
  std::string path_;
  PlanProblems* problems_;
};

template <class Into>
struct PlanRow {
  std::string_view name;
  void (*read)(const PlanValue&, Into&);
};

/// Reads what the table knows. Gives the members that it does not know to `unknown`, by their names
/// in snake case; null stands for an absent member.
template <class Into, class Unknown>
void read_members(const PlanValue& value, std::span<const PlanRow<Into>> rows, Into& into,
                  const Unknown& unknown) {
  const json::Object* object = value.object();
  if (object == nullptr) return;
  for (const auto& [key, each] : *object) {
    if (each.is_null()) continue;
    const std::string name = snake_case(std::string_view(key.data(), key.size()));
    const PlanValue member = value.member(name, each);
    bool is_known = false;
    for (const PlanRow<Into>& row : rows) {
      if (row.name != name) continue;
      row.read(member, into);
      is_known = true;
    }
    if (!is_known) unknown(name, member);
  }
}

}  // namespace gatehouse::config
