// POST /rerank: documents in the order in which they answer a query. The client's side is the shape
// that Cohere, Jina and Voyage share.
#pragma once

#include "dialects/endpoint.h"

namespace gatehouse::dialects::endpoints {

/// POST /v2/rerank at Cohere; its models on Bedrock through InvokeModel.
class CohereRerank final : public EndpointDoor {
 public:
  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;
};

}  // namespace gatehouse::dialects::endpoints
