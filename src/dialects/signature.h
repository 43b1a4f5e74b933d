// Whose signature a thought carries. Each provider takes back only what it signed itself, and
// refuses the whole request otherwise; but a client echoes what it got, even when the next answer
// comes from another provider. Signatures of the Responses protocol are marked, those of Claude are
// not.
#pragma once

#include <string_view>

#include "llm/message.h"

namespace gatehouse::dialects {

inline constexpr std::string_view kResponsesMark = "responses.";

inline bool is_signed_by_responses(const llm::Reasoning& reasoning) {
  return reasoning.signature.starts_with(kResponsesMark);
}

/// Whether Claude may have thought this, and takes it back: signed, or redacted.
inline bool is_signed_by_claude(const llm::Reasoning& reasoning) {
  return !reasoning.redacted.empty() ||
         (!reasoning.signature.empty() && !is_signed_by_responses(reasoning));
}

}  // namespace gatehouse::dialects
