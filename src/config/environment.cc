#include "config/environment.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "config/dotenv.h"

namespace gatehouse::config {
namespace {

Environment::Values process_variables() {
  Environment::Values values;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    values.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return values;
}

// Google's libraries take the credential from a file that a variable names. It is read once, with
// the environment, so that no request waits for a disk.
constexpr std::string_view kGoogleFile = "GOOGLE_APPLICATION_CREDENTIALS";
constexpr std::string_view kGoogleText = "GOOGLE_APPLICATION_CREDENTIALS_JSON";

void read_google_file(Environment::Values& values, std::vector<Problem>& warnings) {
  const auto named = values.find(kGoogleFile);
  if (named == values.end() || named->second.empty() || values.contains(kGoogleText)) return;
  std::ifstream stream(named->second, std::ios::binary);
  if (!stream) {
    Problem problem;
    problem.what = std::string(kGoogleFile) + " names a file that cannot be read";
    problem.allowed = "the path of a service account's JSON";
    warnings.push_back(std::move(problem));
    return;
  }
  values.emplace(kGoogleText, std::string{std::istreambuf_iterator<char>(stream),
                                          std::istreambuf_iterator<char>()});
}

}  // namespace

std::optional<std::string_view> Environment::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

ReadEnvironment read_environment(std::span<const std::filesystem::path> dotenv_files) {
  Environment::Values values = process_variables();
  std::vector<Problem> warnings;
  for (const std::filesystem::path& file : dotenv_files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) continue;
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    Dotenv dotenv = parse_dotenv(text, file.string());
    values.merge(dotenv.values);  // keeps what is already there
    std::ranges::move(dotenv.problems, std::back_inserter(warnings));
  }
  read_google_file(values, warnings);
  return {Environment(std::move(values)), std::move(warnings)};
}

std::vector<std::filesystem::path> dotenv_files_for(
    const std::optional<std::filesystem::path>& config_file) {
  std::vector<std::filesystem::path> files = {".env"};
  if (!config_file) return files;
  std::filesystem::path beside = config_file->parent_path() / ".env";
  std::error_code ignored;
  if (beside != files.front() && !std::filesystem::equivalent(beside, files.front(), ignored)) {
    files.push_back(std::move(beside));
  }
  return files;
}

}  // namespace gatehouse::config
