// Google's Gemini protocol: POST /models/{model}:generateContent. Source: Gemini API reference,
// "Generating content", "Function calling", "Thinking", "Thought signatures"; the same on Vertex
// AI.
#pragma once

#include "dialects/dialect.h"

namespace gatehouse::dialects {

class GeminiBackDoor final : public BackDoor {
 public:
  Result<EncodedRequest> encode_request(const llm::Call& call,
                                        const EncodeTarget& target) const override;
  Result<llm::Reply> decode_response(std::string_view body,
                                     const AnswerContext& context) const override;
  Error decode_error(const FailedAnswer& answer) const override;
  /// Google fetches from its own storage, its Files API and YouTube.
  bool takes_url(std::string_view url) const override;
  std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) const override;
};

}  // namespace gatehouse::dialects
