#include "gateway/apply_params.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/text.h"
#include "json/value.h"

namespace gatehouse::gateway {
namespace {

using exchange::PlanNode;
using llm::RawMember;

/// One step of a path: a member, an element, or all elements.
struct Step {
  enum class Kind : std::uint8_t { member, element, all };
  Kind kind = Kind::member;
  std::string_view name;
  std::size_t index = 0;
};
using Steps = std::vector<Step>;

/// "tools[*].function.strict"; nothing if it is no path.
std::optional<Steps> steps_of(std::string_view path) {
  Steps steps;
  for (std::string_view part : split_list(path, '.')) {
    const std::size_t bracket = std::min(part.find('['), part.size());
    if (bracket > 0) steps.push_back({Step::Kind::member, part.substr(0, bracket), 0});
    part.remove_prefix(bracket);
    while (part.starts_with('[')) {
      const std::size_t end = part.find(']');
      if (end == std::string_view::npos) return std::nullopt;
      const std::string_view inside = part.substr(1, end - 1);
      const auto index = parse_number<std::size_t>(inside);
      if (!index && inside != "*") return std::nullopt;
      steps.push_back({index ? Step::Kind::element : Step::Kind::all, {}, index.value_or(0)});
      part.remove_prefix(end + 1);
    }
  }
  if (steps.empty()) return std::nullopt;
  return steps;
}

using Rest = std::span<const Step>;

void drop_at(json::Value& value, Rest steps);

void drop_member(json::Object& object, Rest steps) {
  const auto found = object.find(steps.front().name);
  if (found == object.end()) return;
  if (steps.size() == 1) {
    object.erase(found);
  } else {
    drop_at(found->value(), steps.subspan(1));
  }
}

void drop_element(json::Array& list, Rest steps) {
  const Step& step = steps.front();
  const bool is_last = steps.size() == 1;
  if (step.kind == Step::Kind::all) {
    if (is_last) list.clear();
    for (json::Value& each : list) drop_at(each, steps.subspan(1));
  } else if (step.index < list.size()) {
    if (is_last) {
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(step.index));
    } else {
      drop_at(list[step.index], steps.subspan(1));
    }
  }
}

void drop_at(json::Value& value, Rest steps) {
  if (steps.front().kind == Step::Kind::member) {
    if (value.is_object()) drop_member(value.get_object(), steps);
  } else if (value.is_array()) {
    drop_element(value.get_array(), steps);
  }
}

bool is_plain_name(std::string_view path) {
  return path.find_first_of(".[") == std::string_view::npos;
}

Result<std::string> drop_inside(std::string body, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const std::optional<Steps> steps = steps_of(path);
    if (is_plain_name(path) || !steps) continue;
    const Result<std::vector<json::Member>> members = json::scan_object(body);
    if (!members) return std::unexpected(members.error());
    const json::Member* const member = json::find(*members, steps->front().name);
    if (member == nullptr) continue;
    Result<json::Value> value = json::parse(member->value);
    if (!value) return std::unexpected(std::move(value.error()));
    drop_at(*value, Rest(*steps).subspan(1));
    json::ObjectPatch patch(body, *members);
    patch.set(member->key, json::serialize(*value));
    body = json::apply_edits(body, patch.edits());
  }
  return body;
}

}  // namespace

bool has_params(const PlanNode& leaf) {
  return !leaf.override_params.empty() || !leaf.default_params.empty() || !leaf.drop_params.empty();
}

Result<std::string> apply_params(const Asked& asked, const PlanNode& leaf) {
  json::ObjectPatch patch(asked.body, asked.members);
  for (const RawMember& each : leaf.default_params) {
    const bool is_forced = std::ranges::any_of(
        leaf.override_params, [&](const RawMember& other) { return other.name == each.name; });
    if (is_forced || json::find(asked.members, each.name) != nullptr) continue;
    patch.set(each.name, each.json);
  }
  for (const RawMember& each : leaf.override_params) patch.set(each.name, each.json);
  for (const std::string& path : leaf.drop_params) {
    if (is_plain_name(path)) patch.remove(path);
  }
  return drop_inside(json::apply_edits(asked.body, patch.edits()), leaf.drop_params);
}

}  // namespace gatehouse::gateway
