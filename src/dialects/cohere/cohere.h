// Cohere's chat protocol, version 2: POST /v2/chat. Source: Cohere API reference, "Chat (V2)",
// "Chat with streaming (V2)".
#pragma once

#include "dialects/dialect.h"

namespace gatehouse::dialects {

class CohereBackDoor final : public BackDoor {
 public:
  Result<EncodedRequest> encode_request(const llm::Call& call,
                                        const EncodeTarget& target) const override;
  Result<llm::Reply> decode_response(std::string_view body,
                                     const AnswerContext& context) const override;
  Error decode_error(const FailedAnswer& answer) const override;
  std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) const override;
};

}  // namespace gatehouse::dialects
