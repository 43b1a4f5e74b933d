// What a model answered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gatehouse/chat.h"
#include "gatehouse/portkey_params.h"

namespace gatehouse::client {

/// What an answer cost, in tokens, as the provider counted (OpenAI API, `usage`).
struct Usage {
  /// Everything read, cached tokens included.
  std::int64_t prompt = 0;
  /// Everything written, reasoning included.
  std::int64_t completion = 0;
  /// `prompt` and `completion` together.
  std::int64_t total = 0;
  /// The part of `prompt` that came from the provider's own prompt cache.
  std::int64_t cached = 0;
};

/// A whole answer.
struct LLMResponse {
  /// The text; with a ResponseFormat, JSON.
  std::string message{};
  /// The tools that the model wants to be called, in order.
  std::vector<ToolCall> tool_calls{};
  /// With ChatOptions::functions: the one function that the model wants to be called.
  std::optional<ToolCall> function_call{};
  /// What the model thought before it answered, if the provider tells.
  std::string reasoning{};
  /// Why the model refused, if it did (OpenAI API, `refusal`).
  std::string refusal{};
  /// All zero if the provider did not count.
  Usage usage{};
  /// `stop`, `length`, `tool_calls` or `content_filter` (OpenAI API, `finish_reason`).
  std::string finish_reason{};
  /// The model that answered, in the provider's words.
  std::string model{};
  /// The answer came from the gateway's cache (`x-portkey-cache-status`), and no model was asked.
  bool cached = false;
  /// Names the request in the gateway's record (`x-portkey-trace-id`).
  std::string trace_id{};
  /// The header fields of the answer, by lower-case name; repeated ones joined by a comma.
  Headers headers{};

  /// This answer as a message, to go on with the conversation.
  ChatMessage as_message() const {
    ChatMessage said = ChatMessage::assistant(message);
    said.tool_calls = tool_calls;
    return said;
  }
};

/// One step of a streamed answer. Any of the members may be empty.
struct ChatDelta {
  /// The next piece of the text.
  std::string text{};
  /// The next piece of what the model thinks.
  std::string reasoning{};
  /// A tool call that begins (with id and name), or more of the arguments of the one with this
  /// index.
  struct ToolPiece {
    /// Counts the calls of the answer, from 0.
    std::size_t index = 0;
    /// As in ToolCall, in the first piece of a call; empty in later ones.
    std::string id{};
    /// As in ToolCall, in the first piece of a call; empty in later ones.
    std::string name{};
    /// The next piece of the arguments' JSON text.
    std::string arguments{};
  };
  /// A piece of a tool call, if this step has one.
  std::optional<ToolPiece> tool{};
};

/// One vector for each text, in their order.
struct Embeddings {
  /// All of the same length, which depends on the model.
  std::vector<std::vector<float>> vectors{};
  /// All zero if the provider did not count.
  Usage usage{};
  /// The model that answered, in the provider's words.
  std::string model{};
  /// As in LLMResponse.
  bool cached = false;
  /// As in LLMResponse.
  std::string trace_id{};
  /// As in LLMResponse.
  Headers headers{};
};

}  // namespace gatehouse::client
