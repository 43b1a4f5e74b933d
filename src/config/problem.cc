#include "config/problem.h"

#include <algorithm>

#include "base/text.h"

namespace gatehouse::config {

std::string format_problem(const Problem& problem) {
  std::string out = problem.file;
  if (problem.place.line > 0) {
    out += ":" + std::to_string(problem.place.line) + ":" + std::to_string(problem.place.column);
  }
  out += ": " + problem.what + "\n";
  if (!problem.allowed.empty()) out += "  allowed: " + problem.allowed + "\n";
  return out;
}

std::string format_problems(std::span<const Problem> problems) {
  std::string out;
  for (const Problem& problem : problems) out += format_problem(problem);
  return out;
}

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
  // A third of a word may be wrong, but at least two letters: "lisen", "timout", "kyes".
  std::size_t smallest = std::max<std::size_t>(2, name.size() / 3) + 1;
  std::string_view nearest;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance >= smallest || distance >= candidate.size()) continue;
    smallest = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string join_names(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

}  // namespace gatehouse::config
