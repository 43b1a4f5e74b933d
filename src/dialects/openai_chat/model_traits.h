// Which reasoning efforts OpenAI's own models take. Sending one to a model that does not reason is
// an error there, so a wish that came from another protocol is only passed on where it is
// understood.
#pragma once

#include <string_view>

namespace gatehouse::dialects::openai_chat {

enum class Reasons : unsigned char { no, yes, unknown };

struct ModelTraits {
  std::string_view prefix;
  Reasons reasons = Reasons::unknown;
  std::string_view
      least_effort;  // the one that comes nearest to not reasoning; empty if there is none
};

/// The traits of the longest prefix that fits; `unknown` for models of other makers.
const ModelTraits& traits_of(std::string_view model);

}  // namespace gatehouse::dialects::openai_chat
