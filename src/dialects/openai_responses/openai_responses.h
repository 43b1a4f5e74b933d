// The OpenAI Responses protocol: POST /responses. Source: OpenAI API reference, "Responses",
// "Streaming events". What the protocol keeps between requests (previous_response_id) is not a
// dialect's business: whoever stores responses puts the earlier items in front of `input` before
// the request is decoded.
#pragma once

#include "dialects/dialect.h"

namespace gatehouse::dialects {

class OpenAiResponsesFrontDoor final : public FrontDoor {
 public:
  Result<llm::Call> decode_request(std::string_view body) const override;
  std::string encode_response(const llm::Reply& reply, const AnswerOptions& options) const override;
  std::string encode_error(const Error& error, const ErrorWords& words) const override;
  std::unique_ptr<StreamEncoder> new_stream_encoder(const AnswerOptions& options) const override;
};

class OpenAiResponsesBackDoor final : public BackDoor {
 public:
  Result<EncodedRequest> encode_request(const llm::Call& call,
                                        const EncodeTarget& target) const override;
  Result<llm::Reply> decode_response(std::string_view body,
                                     const AnswerContext& context) const override;
  Error decode_error(const FailedAnswer& answer) const override;
  std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) const override;
};

}  // namespace gatehouse::dialects
