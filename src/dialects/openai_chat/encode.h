// Pieces of the OpenAI chat protocol's answers that whole answers and streams share.
#pragma once

#include <string_view>
#include <vector>

#include "dialects/dialect.h"
#include "dialects/json_writer.h"
#include "llm/reply.h"

namespace gatehouse::dialects::openai_chat {

/// How this client wants to be spoken to.
struct Style {
  Compliance compliance = Compliance::strict;
  bool speaks_functions = false;
  bool includes_usage = false;

  explicit Style(const AnswerOptions& options)
      : compliance(options.compliance),
        speaks_functions(options.call->speaks_functions),
        includes_usage(options.call->stream.includes_usage) {}
  bool is_lenient() const { return compliance == Compliance::lenient; }
};

/// The `usage` object (as a value; the key is written already).
void write_usage(JsonWriter& json, const llm::Usage& usage);

/// A `logprobs` member: null, or {"content": […], "refusal": null}.
void write_logprobs(JsonWriter& json, const std::vector<llm::TokenLogprob>& tokens);

/// A `finish_reason` member: the protocol's word, or (lenient) the provider's own.
void write_finish_reason(JsonWriter& json, const llm::Finish& finish, const Style& style);

/// One element of `annotations`.
void write_citation(JsonWriter& json, const llm::Citation& citation);

/// One element of `images`: {"type":"image_url","image_url":{"url":…}}.
void write_image(JsonWriter& json, const llm::Image& image);

/// The error object of section "Errors" of the API reference, with the provider beside it when it
/// was the provider's, or with `status` and `message` when it was the gateway's own.
std::string encode_error_body(const Error& error, const ErrorWords& words);

/// The same as an event within a stream, which has no need of `status`.
std::string encode_error_event(const Error& error, const ErrorWords& words);

}  // namespace gatehouse::dialects::openai_chat
