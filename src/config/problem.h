// What is wrong with a configuration file, and where: for people, so all of it at once.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gatehouse::config {

/// A position in a file. Lines and columns count from 1; 0 means the file as a whole.
struct Place {
  int line = 0;
  int column = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

struct Problem {
  std::string file;  // or "environment" for a variable that stands in no file
  Place place;
  std::string what;     // "unknown key 'lisen' in server; did you mean 'listen'?"
  std::string allowed;  // "a duration such as 500ms, 30s, 2m, 1h", or empty
};

/// "gatehouse.yaml:3:5: <what>\n  allowed: <allowed>\n"
std::string format_problem(const Problem& problem);
std::string format_problems(std::span<const Problem> problems);

/// The candidate that a typist most likely meant, or "" when none is near.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates);

/// "a, b, c"
std::string join_names(std::span<const std::string_view> names);

}  // namespace gatehouse::config
