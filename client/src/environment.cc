#include "gatehouse/environment.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>

#include "base/dotenv.h"
#include "client/src/raise.h"

namespace gatehouse::client {
namespace {

std::optional<std::string> text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return std::nullopt;
  return text;
}

/// What the .env files of this process said. The environment itself is not changed: nobody else
/// would expect that, and setenv is not thread-safe.
class Dotenvs {
 public:
  static Dotenvs& of_this_process() {
    static Dotenvs dotenvs;
    return dotenvs;
  }

  Dotenv add(std::string_view text) {
    Dotenv read = parse_dotenv(text);
    const std::lock_guard lock(mutex_);
    for (const auto& [name, value] : read.values) values_.try_emplace(name, value);
    return read;
  }

  std::string find(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second;
  }

 private:
  Dotenvs() {
    if (const std::optional<std::string> text = text_of_file(".env")) add(*text);
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace

std::string setting(std::string_view name) {
  if (const char* value = std::getenv(std::string(name).c_str())) return value;
  return Dotenvs::of_this_process().find(name);
}

DotenvOutcome load_dotenv(const std::string& path) {
  const std::optional<std::string> text = text_of_file(path);
  if (!text) raise(configuration_failure("Cannot read '" + path + "': does the file exist?"));
  const Dotenv read = Dotenvs::of_this_process().add(*text);
  DotenvOutcome outcome{static_cast<int>(read.values.size()), {}};
  for (const DotenvProblem& problem : read.problems) {
    if (!outcome.problems.empty()) outcome.problems += '\n';
    outcome.problems += path + ':' + std::to_string(problem.line) + ": " + problem.what + '.';
  }
  return outcome;
}

}  // namespace gatehouse::client
