#include "config/yaml_cursor.h"

#include <map>
#include <utility>

#include "config/interpolate.h"

namespace gatehouse::config {
namespace {

constexpr std::size_t kLongestShown = 60;

Place place_of(const YAML::Node& node) {
  const YAML::Mark mark = node.Mark();
  return mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
}

std::string_view kind_of(const YAML::Node& node) {
  if (node.IsMap()) return "a mapping";
  if (node.IsSequence()) return "a list";
  return node.IsScalar() ? "a single value" : "nothing";
}

std::string shown(const std::string& path) { return path.empty() ? "the file" : path; }

}  // namespace

Place Cursor::place() const { return place_of(node_); }

std::optional<std::string> Cursor::scalar(std::string_view allowed) const {
  if (!node_.IsScalar()) {
    report_wrong_type("a single value", allowed);
    return std::nullopt;
  }
  auto text = interpolate(unveil_references(node_.Scalar()), reading_->environment);
  if (text) return std::move(*text);
  report(text.error() + " (in " + shown(path_) + ")",
         "a variable that is set, in the environment or in .env, or ${NAME:-default}");
  return std::nullopt;
}

void Cursor::report(std::string what, std::string_view allowed) const {
  report_at(place(), std::move(what), allowed);
}

void Cursor::report_at(Place place, std::string what, std::string_view allowed) const {
  reading_->problems.push_back({reading_->file, place, std::move(what), std::string(allowed)});
}

void Cursor::report_bad_value(std::string_view allowed) const {
  const std::string whole = unveil_references(node_.Scalar());
  std::string text = whole.substr(0, kLongestShown);
  if (text.size() < whole.size()) text += "...";
  report("'" + text + "' is no value for " + shown(path_), allowed);
}

void Cursor::report_bad_secret(std::string_view allowed) const {
  report("what stands here is no value for " + shown(path_), allowed);
}

void Cursor::report_wrong_type(std::string_view expected, std::string_view allowed) const {
  std::string what = shown(path_) + " must be ";
  what.append(expected).append(", but is ").append(kind_of(node_));
  report(std::move(what), allowed);
}

Cursor Cursor::item(std::size_t index) const {
  return {*reading_, node_[index], path_ + "[" + std::to_string(index) + "]"};
}

void Cursor::for_each_entry(std::string_view allowed, const EachEntry& visit) const {
  if (is_empty()) return;
  if (!node_.IsMap()) {
    report_wrong_type("a mapping", allowed);
    return;
  }
  std::map<std::string, int, std::less<>> line_of;
  for (const auto& entry : node_) {
    const Cursor key(*reading_, entry.first, path_);
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
    if (name.empty()) {
      key.report("a key in " + shown(path_) + " is no word", allowed);
      continue;
    }
    const auto [first, is_new] = line_of.emplace(name, key.place().line);
    if (!is_new) {
      key.report("the key '" + name + "' stands twice in " + shown(path_) + "; first in line " +
                 std::to_string(first->second));
      continue;
    }
    visit(key, {*reading_, entry.second, path_.empty() ? name : path_ + "." + name});
  }
}

}  // namespace gatehouse::config
