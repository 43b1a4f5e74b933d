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
