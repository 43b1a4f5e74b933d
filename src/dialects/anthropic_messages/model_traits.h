// What single Claude models take: a table, since it changes with each of them. Sources: Anthropic
// documentation, "Models overview", "Extended thinking", "Adaptive thinking", "Effort", "Structured
// outputs". A model that is not listed is taken for a newer one.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse::dialects::anthropic_messages {

enum class Thinking : std::uint8_t {
  none,      // cannot
  budget,    // as many tokens as it is told
  either,    // as it is told, or as it sees fit
  adaptive,  // as it sees fit
};

struct ModelTraits {
  std::string_view name;  // within the model's id, from "claude-" on
  std::int64_t max_output = 0;
  Thinking thinking = Thinking::adaptive;
  bool knows_schemas = true;  // `output_config.format`
  std::string_view efforts;   // the words of `output_config.effort`, if it knows that
};

/// For any spelling of a model: "claude-sonnet-4-5-20250929", "us.anthropic.claude-…-v1:0",
/// "claude-sonnet-4-5@20250929".
const ModelTraits& traits_of(std::string_view model);

}  // namespace gatehouse::dialects::anthropic_messages
