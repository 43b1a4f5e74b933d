#include "dialects/fault.h"
#include "dialects/media.h"
#include "dialects/openai_chat/encode.h"

namespace gatehouse::dialects::openai_chat {
namespace {

/// OpenAI gives the bytes of each token, since a token may be a part of a character.
void write_bytes(JsonWriter& json, std::string_view token) {
  json.open_list("bytes");
  for (const char byte : token) json.integer(static_cast<unsigned char>(byte));
  json.close_list();
}

void write_token(JsonWriter& json, std::string_view token, double logprob) {
  json.text("token", token).number("logprob", logprob);
  write_bytes(json, token);
}

void write_text_or_null(JsonWriter& json, std::string_view key, std::string_view value) {
  value.empty() ? json.null(key) : json.text(key, value);
}

void write_error(JsonWriter& json, const Error& error, const ErrorWords& words) {
  const Fault fault = fault_of(error);
  // Of what the provider reported, its own words; of what we noticed ourselves, ours.
  const bool is_ours = !error.upstream || error.code == ErrorCode::upstream_cut;
  json.open("error").text("message", error.message);
  write_text_or_null(json, "type", is_ours ? words.type : std::string_view(fault.type));
  write_text_or_null(json, "param", error.param);
  write_text_or_null(json, "code", is_ours ? words.code : std::string_view(fault.code));
  json.close();
  if (error.upstream) json.text("provider", error.upstream->provider);
}

std::optional<std::int64_t> unless_zero(std::optional<std::int64_t> count) {
  return count.value_or(0) == 0 ? std::nullopt : count;
}

}  // namespace

void write_usage(JsonWriter& json, const llm::Usage& usage) {
  json.open().integer("prompt_tokens", usage.prompt_tokens);
  json.integer("completion_tokens", usage.completion_tokens);
  json.integer("total_tokens", usage.total_tokens);
  if (usage.cached_tokens || usage.cache_creation_tokens || usage.audio_prompt_tokens) {
    json.open("prompt_tokens_details").integer("cached_tokens", usage.cached_tokens.value_or(0));
    json.integer_if_any("cache_creation_tokens", unless_zero(usage.cache_creation_tokens));
    json.integer_if_any("audio_tokens", usage.audio_prompt_tokens).close();
  }
  if (usage.reasoning_tokens || usage.audio_completion_tokens || usage.accepted_prediction_tokens ||
      usage.rejected_prediction_tokens) {
    json.open("completion_tokens_details");
    json.integer("reasoning_tokens", usage.reasoning_tokens.value_or(0));
    json.integer_if_any("audio_tokens", usage.audio_completion_tokens);
    json.integer_if_any("accepted_prediction_tokens", usage.accepted_prediction_tokens);
    json.integer_if_any("rejected_prediction_tokens", usage.rejected_prediction_tokens).close();
  }
  if (unless_zero(
          usage.cache_creation_tokens)) {  // only providers that bill cache writes say these
    json.integer("cache_read_input_tokens", usage.cached_tokens.value_or(0));
    json.integer("cache_creation_input_tokens", *usage.cache_creation_tokens);
  } else {
    json.integer_if_any("cache_read_input_tokens", unless_zero(usage.cached_tokens));
  }
  json.close();
}

void write_logprobs(JsonWriter& json, const std::vector<llm::TokenLogprob>& tokens) {
  if (tokens.empty()) {
    json.null("logprobs");
    return;
  }
  json.open("logprobs").open_list("content");
  for (const llm::TokenLogprob& token : tokens) {
    json.open();
    write_token(json, token.token, token.logprob);
    json.open_list("top_logprobs");
    for (const auto& [text, logprob] : token.top) {
      json.open();
      write_token(json, text, logprob);
      json.close();
    }
    json.close_list().close();
  }
  json.close_list().null("refusal").close();
}

void write_finish_reason(JsonWriter& json, const llm::Finish& finish, const Style& style) {
  std::string_view word = llm::name_of(finish.reason);
  const bool calls = finish.reason == llm::FinishReason::tool_calls;
  if (calls && style.speaks_functions) word = "function_call";
  if (style.is_lenient() && !finish.raw.empty()) word = finish.raw;
  json.text("finish_reason", word);
}

void write_citation(JsonWriter& json, const llm::Citation& citation) {
  json.open().text("type", "url_citation").open("url_citation");
  json.text("url", citation.url).text("title", citation.title);
  json.integer("start_index", citation.start.value_or(0))
      .integer("end_index", citation.end.value_or(0));
  json.close().close();
}

void write_image(JsonWriter& json, const llm::Image& image) {
  json.open().text("type", "image_url").open("image_url").text("url", url_of(image.source));
  json.close().close();
}

std::string encode_error_body(const Error& error, const ErrorWords& words) {
  std::string body;
  JsonWriter json(body);
  json.open();
  if (!error.upstream) json.text("status", "failure").text("message", error.message);
  write_error(json, error, words);
  json.close();
  return body;
}

std::string encode_error_event(const Error& error, const ErrorWords& words) {
  std::string body;
  JsonWriter json(body);
  json.open();
  write_error(json, error, words);
  json.close();
  return body;
}

}  // namespace gatehouse::dialects::openai_chat
