// The JSON of a request, by the dialect that the gateway itself uses towards providers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/src/raise.h"
#include "gatehouse/chat.h"
#include "gatehouse/openai_gpt_config.h"

namespace gatehouse::client {

enum class Delivery : std::uint8_t { whole, stream };

/// The body of a chat. Error: configuration (extra_body is no JSON object), request (something that
/// the protocol cannot express).
Outcome<std::string> chat_body(const OpenAIGPTConfig& config, std::string_view model,
                               const Prompt& prompt, const ChatOptions& options, Delivery delivery);

/// The body of a request for embeddings. Error: configuration.
Outcome<std::string> embeddings_body(const OpenAIGPTConfig& config, std::string_view model,
                                     const std::vector<std::string>& texts,
                                     const ChatOptions& options);

}  // namespace gatehouse::client
