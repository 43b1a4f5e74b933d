// Words that many rows share.
#pragma once

#include "providers/provider_row.h"

namespace gatehouse::providers::rows {

using enum llm::Capability;
using llm::DeveloperRole;
using llm::EventEnd;
using llm::Host;
using llm::Rename;
using llm::StreamUsage;

/// OpenAI's newer name for the limit of an answer, and the one that most hosts know.
inline constexpr Rename kOneLimit = {"max_completion_tokens", "max_tokens"};
inline constexpr Quirks kOldLimit = {.rename = {kOneLimit}};

/// Serves OpenAI's own models, or passes roles on to who does.
inline constexpr Quirks kKnowsDeveloper = {.developer_role = DeveloperRole::kept};

/// Where a project of Google Cloud has its models.
inline constexpr std::string_view kVertexPath =
    "/v1/projects/{vertex-project-id}/locations/{vertex-region=us-central1}{path}";
inline constexpr std::string_view kVertexOpenApi =
    "/v1beta1/projects/{vertex-project-id}/locations/{vertex-region=us-central1}"
    "/endpoints/openapi{path}";
inline constexpr std::string_view kVertexEndpoint =
    "/v1/projects/{vertex-project-id}/locations/{vertex-region=us-central1}/endpoints/"
    "{model}{path}";
inline constexpr std::string_view kVertexMistral =
    "/v1/projects/{vertex-project-id}/locations/{vertex-region=us-central1}"
    "/publishers/mistralai/models/{model}:rawPredict";
inline constexpr std::string_view kVertexMistralStream =
    "/v1/projects/{vertex-project-id}/locations/{vertex-region=us-central1}"
    "/publishers/mistralai/models/{model}:streamRawPredict";

/// What Azure has below a deployment; the rest belongs to the resource.
inline constexpr Capabilities kAzureDeployments = {
    chat, complete, embed, image, image_edit, speech, transcription, translation};

}  // namespace gatehouse::providers::rows
