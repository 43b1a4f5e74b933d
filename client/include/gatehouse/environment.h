// Settings from the environment, and from a `.env` file where the environment has none.
#pragma once

#include <string>
#include <string_view>

#include "gatehouse/export.h"

namespace gatehouse::client {

/// The value of an environment variable; if it is not set, that of the `.env` files loaded so far;
/// otherwise empty. The first call loads `.env` from the working directory, if there is one.
/// Thread-safe, as long as nobody changes the environment meanwhile (POSIX, `setenv`).
GATEHOUSE_CLIENT_API std::string setting(std::string_view name);

/// What came of a `.env` file.
struct DotenvOutcome {
  /// How many names the file gave; those that the environment or an earlier file has are kept from
  /// there and count too.
  int names = 0;
  /// One sentence for each line that is no `NAME=value`, with its number and without its text.
  std::string problems{};
};

/// Loads one more `.env` file; earlier files and the environment win. Lines are `NAME=value`,
/// `export NAME=value`, `NAME='as it stands'` or `NAME="with \n escapes"`; `#` begins a comment.
/// Error: ConfigurationError if the file cannot be read. Thread-safe.
GATEHOUSE_CLIENT_API DotenvOutcome load_dotenv(const std::string& path = ".env");

}  // namespace gatehouse::client
