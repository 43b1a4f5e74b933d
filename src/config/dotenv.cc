#include "config/dotenv.h"

#include "base/dotenv.h"

namespace gatehouse::config {

Dotenv parse_dotenv(std::string_view text, const std::string& file) {
  gatehouse::Dotenv read = gatehouse::parse_dotenv(text);
  Dotenv dotenv{std::move(read.values), {}};
  for (DotenvProblem& problem : read.problems) {
    dotenv.problems.push_back({file,
                               {problem.line, 1},
                               std::move(problem.what),
                               "NAME=value, export NAME=value, # comment"});
  }
  return dotenv;
}

}  // namespace gatehouse::config
