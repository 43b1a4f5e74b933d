// What single Gemini models take: a table, since it changes with each of them. Sources: Gemini API
// documentation, "Thinking", "Structured output". A model that is not listed is taken for a newer
// one.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse::dialects::gemini {

enum class Thinking : std::uint8_t {
  none,    // cannot be told how much to think
  budget,  // thinkingBudget, a number of tokens
  level,   // thinkingLevel, a word
};

struct ModelTraits {
  std::string_view name;
  Thinking thinking = Thinking::level;
  std::int64_t off_budget = 0;       // the nearest to no thinking at all
  std::int64_t least_budget = 1;     // the least thinking that is any
  bool has_all_levels = false;       // minimal and medium beside low and high
  bool takes_json_schema = true;     // JSON Schema as it is, not only the OpenAPI subset
  bool demands_signatures = true;    // of the function calls in the history
  bool mixes_json_and_tools = true;  // a JSON answer may be asked for while there are tools
};

const ModelTraits& traits_of(std::string_view model);

}  // namespace gatehouse::dialects::gemini
