// Words that many rows share.
#pragma once

#include "providers/provider_row.h"

namespace gatehouse::providers::rows {

using enum llm::Capability;
using llm::DeveloperRole;
using llm::EventEnd;
using llm::ReasoningTokens;
using llm::Rename;
using llm::StreamUsage;

/// OpenAI's newer name for the limit of an answer, and the one that most hosts know.
inline constexpr Rename kOneLimit = {"max_completion_tokens", "max_tokens"};
inline constexpr Quirks kOldLimit = {.rename = {kOneLimit}};

/// Serves OpenAI's own models, or passes roles on to who does.
inline constexpr Quirks kKnowsDeveloper = {.developer_role = DeveloperRole::kept};

/// What Azure has below a deployment; the rest belongs to the resource.
inline constexpr Capabilities kAzureDeployments = {
    chat, complete, embed, image, image_edit, speech, transcription, translation};

}  // namespace gatehouse::providers::rows
