// How a model is reached and asked. The name says the protocol, not the maker: any model behind an
// OpenAI-compatible address. The names of the members are langroid's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "gatehouse/portkey_params.h"
#include "gatehouse/response.h"

namespace gatehouse::client {

/// The configuration of an OpenAIGPT. Plain data; what is absent is not sent.
struct OpenAIGPTConfig {
  /// `portkey/provider/model` goes through the gateway of `portkey_params`; anything else goes to
  /// `api_base` as it stands.
  std::string chat_model = "gpt-4o";
  /// The provider's key. If empty: through the gateway PortkeyParams::get_provider_api_key,
  /// otherwise `OPENAI_API_KEY`.
  std::string api_key{};
  /// Where an OpenAI-compatible API is, with its version: `https://api.openai.com/v1`. If empty:
  /// the gateway's for `portkey/...`, otherwise `OPENAI_API_BASE`, otherwise OpenAI's.
  std::string api_base{};
  /// What the gateway is told; only for `portkey/...`.
  PortkeyParams portkey_params{};

  /// In tokens (`max_completion_tokens`).
  std::optional<std::int64_t> max_output_tokens{};
  /// From 0 (the likeliest words) to 2 (OpenAI API, `temperature`).
  std::optional<double> temperature{};
  /// Asks for the same answer to the same question, as far as the provider can.
  std::optional<std::int64_t> seed{};
  /// `low`, `medium`, `high`: how much a reasoning model shall think.
  std::string reasoning_effort{};
  /// With tools: whether the model may ask for several calls at once.
  std::optional<bool> parallel_tool_calls{};
  /// Whether chat() asks for a stream; what it returns is the same. Needs no `streamer`.
  bool stream = false;
  /// With `stream`: hears every piece of text of a chat() as it comes, on the thread that calls it.
  std::function<void(const ChatDelta&)> streamer{};
  /// Further header fields of every request; they win over all others but a call's own.
  Headers headers{};
  /// Further members of every request's body, as the text of a JSON object.
  std::string extra_body{};
  /// The model of embeddings(); may begin with `portkey/provider/` too.
  std::string embedding_model = "text-embedding-3-small";

  /// For a whole answer, retries included. For a stream: until it begins, and then between its
  /// pieces. 0 means none.
  std::chrono::milliseconds timeout{120'000};
  /// How often a request is sent again whose connection failed before any of the answer came.
  int connection_retries = 2;
  /// The wait before the first of these; it doubles each time, and chance makes up to half of it.
  std::chrono::milliseconds retry_delay{500};
  /// A PEM file with certificate authorities to trust beside the system's. Certificates are always
  /// verified.
  std::string ca_file{};
};

}  // namespace gatehouse::client
