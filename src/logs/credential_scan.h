// Finds the credentials in a JSON text, at any depth, without building or checking it: nearly all
// texts have none, and every body passes here.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace gatehouse::logs {

/// Whether a field or header of this name carries a credential by its nature. Case, `_` and `-` do
/// not matter.
bool is_credential_name(std::string_view name);

/// A part of a text.
struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The content of the first string at or after `at` that is the value of a credential field. To go
/// on behind it, pass its end. Relies on this: a quote inside a JSON string is escaped, so an
/// unescaped quote with a colon behind it can only end a key. That holds wherever the text was cut.
std::optional<Extent> next_credential(std::string_view text, std::size_t at);

}  // namespace gatehouse::logs
