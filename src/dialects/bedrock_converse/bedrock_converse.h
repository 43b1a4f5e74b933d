// AWS Bedrock's Converse protocol: POST /model/{model}/converse, streamed as /converse-stream.
// Source: Amazon Bedrock API reference, "Converse", "ConverseStream".
#pragma once

#include "dialects/dialect.h"

namespace gatehouse::dialects {

class BedrockConverseBackDoor final : public BackDoor {
 public:
  Result<EncodedRequest> encode_request(const llm::Call& call,
                                        const EncodeTarget& target) const override;
  Result<llm::Reply> decode_response(std::string_view body,
                                     const AnswerContext& context) const override;
  Error decode_error(const FailedAnswer& answer) const override;
  /// Bedrock fetches from S3 alone.
  bool takes_url(std::string_view url) const override;
  std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) const override;
};

}  // namespace gatehouse::dialects
