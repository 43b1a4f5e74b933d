// The Anthropic Messages protocol: POST /messages. Source: Anthropic API reference, "Messages",
// "Streaming messages", "Errors".
#pragma once

#include "dialects/dialect.h"

namespace gatehouse::dialects {

class AnthropicFrontDoor final : public FrontDoor {
 public:
  Result<llm::Call> decode_request(std::string_view body) const override;
  std::string encode_response(const llm::Reply& reply, const AnswerOptions& options) const override;
  std::string encode_error(const Error& error, const ErrorWords& words) const override;
  std::unique_ptr<StreamEncoder> new_stream_encoder(const AnswerOptions& options) const override;
};

/// Also for Claude on Vertex and on Bedrock's invoke route, by EncodeTarget::host.
class AnthropicBackDoor final : public BackDoor {
 public:
  Result<EncodedRequest> encode_request(const llm::Call& call,
                                        const EncodeTarget& target) const override;
  Result<llm::Reply> decode_response(std::string_view body,
                                     const AnswerContext& context) const override;
  Error decode_error(const FailedAnswer& answer) const override;
  std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) const override;
};

}  // namespace gatehouse::dialects
