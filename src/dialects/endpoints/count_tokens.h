// POST /messages/count_tokens: how many tokens a request of the Messages protocol would read. Its
// maker answers it itself; the others are asked in their own words, or it is estimated.
#pragma once

#include "dialects/endpoint.h"

namespace gatehouse::dialects::endpoints {

/// Gemini's models.countTokens, at Google and on Vertex AI.
class GeminiCount final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

/// Bedrock's CountTokens, for models of every maker.
class BedrockCount final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

/// Claude on Vertex AI.
class VertexClaudeCount final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

/// For providers that count nothing beforehand: about four bytes of text make a token.
class EstimatedCount final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

}  // namespace gatehouse::dialects::endpoints
