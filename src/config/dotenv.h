// The .env file as a source of settings: base/dotenv.h with problems as this room tells them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/environment.h"
#include "config/problem.h"

namespace gatehouse::config {

struct Dotenv {
  Environment::Values values;
  std::vector<Problem> problems;
};

/// `file` is only for the problems.
Dotenv parse_dotenv(std::string_view text, const std::string& file);

}  // namespace gatehouse::config
