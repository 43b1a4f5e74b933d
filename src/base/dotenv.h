// The .env file, as the usual readers of it understand it:
//   line   = blank | "#" comment | ["export "] NAME "=" value [" #" comment]
//   value  = 'as it stands' | "with \n \t \" \\ \$ escapes, over several lines" | plain, trimmed
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// A line that was passed over, and why: never its text, which may be a secret.
struct DotenvProblem {
  int line = 0;  // from 1
  std::string what;
};

struct Dotenv {
  std::map<std::string, std::string, std::less<>> values;  // the last of a name, as in a shell
  std::vector<DotenvProblem> problems;
};

/// Never fails: a line that does not parse is passed over and reported.
Dotenv parse_dotenv(std::string_view text);

}  // namespace gatehouse
