// The environment variables, read once: the only place of the program that asks the system for
// them.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"

namespace gatehouse::config {

/// A snapshot of names and values. Immutable, so it may be shared between threads; tests make one
/// from a literal. It holds secrets: never print it whole.
class Environment {
 public:
  using Values = std::map<std::string, std::string, std::less<>>;

  Environment() = default;
  explicit Environment(Values values) : values_(std::move(values)) {}
  Environment(std::initializer_list<Values::value_type> values) : values_(values) {}

  /// The value, which may be empty, or nothing when the variable is not set.
  std::optional<std::string_view> find(std::string_view name) const;

 private:
  Values values_;
};

struct ReadEnvironment {
  Environment environment;
  std::vector<Problem> warnings;  // lines of a .env file that were passed over
};

/// The variables of the process, then those of the files that exist. What comes first wins. The
/// file that GOOGLE_APPLICATION_CREDENTIALS names becomes GOOGLE_APPLICATION_CREDENTIALS_JSON.
ReadEnvironment read_environment(std::span<const std::filesystem::path> dotenv_files);

/// Where a .env file is looked for: the working directory, then beside the configuration file.
std::vector<std::filesystem::path> dotenv_files_for(
    const std::optional<std::filesystem::path>& config_file);

}  // namespace gatehouse::config
