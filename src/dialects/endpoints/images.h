// POST /images/generations in the protocols of those who have one of their own. The pictures come
// as base64: nobody here keeps files that a URL could lead to.
#pragma once

#include "dialects/endpoint.h"

namespace gatehouse::dialects::endpoints {

/// Imagen through :predict, Gemini's own image models through :generateContent; at Google and on
/// Vertex AI.
class GoogleImages final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

/// Bedrock's InvokeModel: Titan Image and Nova Canvas (TEXT_IMAGE), Stability's models.
class BedrockImages final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

}  // namespace gatehouse::dialects::endpoints
