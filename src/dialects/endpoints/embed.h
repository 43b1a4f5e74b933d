// Embeddings in the protocols of those who have one of their own.
#pragma once

#include "dialects/endpoint.h"

namespace gatehouse::dialects::endpoints {

/// Gemini API: models.batchEmbedContents.
class GeminiEmbeddings final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

/// Vertex AI: publishers.models.predict of the text embedding models. Those of Gemini take one text
/// a call.
class VertexEmbeddings final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

/// Bedrock's InvokeModel: Titan takes one text a call, Cohere's models a list.
class BedrockEmbeddings final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

/// Cohere: POST /v2/embed, at most 96 texts a call.
class CohereEmbeddings final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

}  // namespace gatehouse::dialects::endpoints
