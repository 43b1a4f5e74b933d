// The .env file, as the usual readers of it understand it:
//   line   = blank | "#" comment | ["export "] NAME "=" value [" #" comment]
//   value  = 'as it stands' | "with \n \t \" \\ \$ escapes, over several lines" | plain, trimmed
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/environment.h"
#include "config/problem.h"

namespace gatehouse::config {

struct Dotenv {
  Environment::Values values;  // of a name that stands twice, the last, as in a shell
  std::vector<Problem> problems;
};

/// `file` is only for the problems. A line that does not parse is passed over and reported.
Dotenv parse_dotenv(std::string_view text, const std::string& file);

}  // namespace gatehouse::config
