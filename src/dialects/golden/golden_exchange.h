// Runs a golden case through the two doors that its settings name.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "dialects/golden/golden_case.h"
#include "dialects/json_writer.h"
#include "http/framing/frame.h"

namespace gatehouse::dialects::golden {

inline constexpr std::int64_t kCreated = 1'700'000'000;
inline constexpr std::string_view kId = "gw1";

/// What came of one direction: text for the golden file, and what was metered.
struct Outcome {
  std::string text;
  std::optional<llm::Usage> usage;
};

inline std::string usage_text(const std::optional<llm::Usage>& usage) {
  std::string text;
  JsonWriter json(text);
  if (!usage) return "null";
  json.open().integer("prompt_tokens", usage->prompt_tokens);
  json.integer("completion_tokens", usage->completion_tokens);
  json.integer("total_tokens", usage->total_tokens);
  json.integer_if_any("cached_tokens", usage->cached_tokens);
  json.integer_if_any("cache_creation_tokens", usage->cache_creation_tokens);
  json.integer_if_any("cache_creation_1h_tokens", usage->cache_creation_1h_tokens);
  json.integer_if_any("audio_prompt_tokens", usage->audio_prompt_tokens);
  json.integer_if_any("reasoning_tokens", usage->reasoning_tokens);
  json.integer_if_any("audio_completion_tokens", usage->audio_completion_tokens);
  json.integer_if_any("accepted_prediction_tokens", usage->accepted_prediction_tokens);
  json.integer_if_any("rejected_prediction_tokens", usage->rejected_prediction_tokens);
  json.integer_if_any("web_search_requests", usage->web_search_requests);
  json.close();
  return text;
}

class Exchange {
 public:
  explicit Exchange(const Case& golden)
      : golden_(golden),
        settings_(golden.settings()),
        front_(*front_door(settings_.client)),
        back_(*back_door(settings_.upstream)) {
    Result<llm::Call> decoded =
        front_.decode_request(golden.text("client_request.json").value_or(""));
    if (!decoded) {
      refusal_ = std::move(*decoded.error());
      return;
    }
    call_ = std::move(*decoded);
    Result<EncodedRequest> encoded = back_.encode_request(call_, target());
    if (!encoded) {
      refusal_ = std::move(*encoded.error());
      return;
    }
    request_ = std::move(*encoded);
  }

  bool is_refused() const { return refusal_.has_value(); }
  std::string refusal() const { return front_.encode_error(*refusal_, words_of(*refusal_)); }

  /// {path, headers, dropped, body} as JSON text.
  std::string upstream_request() const {
    std::string text;
    JsonWriter json(text);
    json.open().text("path", request_.path);
    if (!request_.headers.empty()) {
      json.open("headers");
      for (const auto& [name, value] : request_.headers) json.text(name, value);
      json.close();
    }
    if (!request_.dropped.empty()) {
      json.open_list("dropped");
      for (const std::string& param : request_.dropped) json.text(param);
      json.close_list();
    }
    json.raw("body", request_.body).close();
    return text;
  }

  /// The client's answer to a whole answer of the provider, which may be an error.
  Outcome answer(const std::string& body) const {
    if (settings_.status >= 400) {
      const Error error = back_.decode_error(
          {settings_.status, settings_.provider, body, "application/json", settings_.fields});
      return {front_.encode_error(error, words_of(error)), std::nullopt};
    }
    const Result<llm::Reply> reply = back_.decode_response(body, context());
    if (!reply) return {front_.encode_error(reply.error(), words_of(reply.error())), std::nullopt};
    return {front_.encode_response(*reply, options()), reply->usage};
  }

  /// The bytes that the client gets when the provider's stream arrives in these pieces.
  Outcome stream(const std::vector<std::string_view>& pieces, std::string_view content_type) const {
    const auto parser = http::make_frame_parser(content_type);
    const auto decoder = back_.new_stream_decoder(context());
    const auto encoder = front_.new_stream_encoder(options());
    Outcome outcome;
    std::vector<http::Frame> frames;
    std::vector<llm::Delta> deltas;
    Result<void> state;
    // Frames ahead of a fault in the framing are good: the client gets them before the error.
    const auto pass_on = [&](const Result<void>& framed) {
      for (const http::Frame& frame : frames) {
        if (state) state = decoder->feed(frame, deltas);
      }
      frames.clear();
      if (state) state = framed;
      send(deltas, *encoder, outcome);
    };
    for (const std::string_view piece : pieces) {
      if (state) pass_on(parser->feed(piece, frames));
    }
    if (state) pass_on(parser->finish(frames));
    if (state) state = decoder->finish(deltas);
    send(deltas, *encoder, outcome);
    StreamEnd end;
    if (!state) end = {&*state.error(), words_of(state.error())};
    encoder->finish(end, outcome.text);
    return outcome;
  }

 private:
  static ErrorWords words_of(const Error& error) {
    if (error.upstream) return {error.upstream->status, "upstream_error", {}};
    const bool is_client = error.origin == Origin::client;
    return {is_client ? 400 : 502, is_client ? "invalid_request_error" : "upstream_error", {}};
  }

  static void send(std::vector<llm::Delta>& deltas, StreamEncoder& encoder, Outcome& outcome) {
    for (const llm::Delta& delta : deltas) {
      if (const auto* reported = std::get_if<llm::UsageReported>(&delta))
        outcome.usage = reported->usage;
      encoder.feed(delta, outcome.text);
    }
    deltas.clear();
  }

  EncodeTarget target() const {
    return {settings_.provider, settings_.model, settings_.host, settings_.echo};
  }
  AnswerContext context() const {
    return {settings_.provider, settings_.model, kId, settings_.host, request_.hints};
  }
  AnswerOptions options() const {
    return {settings_.compliance, settings_.provider, kId, kCreated, &call_};
  }

  const Case& golden_;
  Settings settings_;
  const FrontDoor& front_;
  const BackDoor& back_;
  llm::Call call_;
  EncodedRequest request_;
  std::optional<Error> refusal_;
};

}  // namespace gatehouse::dialects::golden
