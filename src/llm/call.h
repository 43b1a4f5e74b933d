// What is asked of a model, in no protocol's own shape.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "llm/message.h"

namespace gatehouse::llm {

enum class CallKind : std::uint8_t { chat, complete, embed };

/// A tool that the model may use.
struct Tool {
  enum class Kind : std::uint8_t {
    function,  // called by us, described by a JSON schema
    custom,    // called by us with one free text
    provider,  // built into a provider; `raw` is how `dialect` writes it, and nobody else can say
               // it
  };
  Kind kind = Kind::function;
  std::string name;
  std::string description;
  std::string schema;  // JSON text of the parameters' schema; empty means no parameters
  std::optional<bool> strict;
  std::optional<CacheControl> cache;
  DialectId dialect = DialectId::openai_chat;
  std::string raw;  // for Kind::provider, and the `format` of a custom tool
  std::vector<RawMember>
      extras;  // members that one provider knows: defer_loading, input_examples, …
};

struct ToolChoice {
  enum class Mode : std::uint8_t { automatic, none, required, named };
  Mode mode = Mode::automatic;
  std::string name;                  // for `named`
  std::vector<std::string> allowed;  // if not empty, only these tools may be used
};

struct ResponseFormat {
  enum class Kind : std::uint8_t { text, json_object, json_schema };
  Kind kind = Kind::text;
  std::string name;
  std::string description;
  std::string schema;  // JSON text
  std::optional<bool> strict;
};

/// How much a model may think: an effort in words, a budget in tokens, or both.
struct ReasoningWish {
  enum class Mode : std::uint8_t { unsaid, enabled, adaptive, disabled };
  Mode mode = Mode::unsaid;
  std::string effort;                  // none, minimal, low, medium, high, xhigh, max, or empty
  std::optional<std::int64_t> budget;  // tokens
  std::string summary;                 // auto, concise, detailed, or empty
  bool is_said() const { return mode != Mode::unsaid || !effort.empty() || budget.has_value(); }
};

struct Sampling {
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<std::int64_t> top_k;
  std::optional<double> presence_penalty;
  std::optional<double> frequency_penalty;
  std::optional<std::int64_t> seed;
  std::string logit_bias;  // JSON text of the map from token to bias
};

struct WebSearch {
  std::string context_size;         // low, medium, high, or empty
  std::vector<RawMember> location;  // of the user: city, region, country, timezone
  std::vector<std::string> allowed_domains;
  std::vector<std::string> blocked_domains;
  std::optional<std::int64_t> max_uses;
};

/// What an OpenAI client says about a stream, beside wanting one.
struct StreamWish {
  bool is_wanted = false;
  bool includes_usage = false;
};

/// What happens to a parameter that the provider cannot honour although it would change the answer.
enum class UnsupportedParams : std::uint8_t { refuse, drop };

struct Call {
  CallKind kind = CallKind::chat;
  DialectId dialect = DialectId::openai_chat;  // in which it was asked: whose words `unknown` are
  std::string model;
  std::vector<Message> messages;
  std::vector<Tool> tools;
  std::optional<ToolChoice> tool_choice;
  std::optional<bool> parallel_tool_calls;
  ResponseFormat format;
  ReasoningWish reasoning;
  Sampling sampling;
  std::optional<std::int64_t> max_tokens;
  std::vector<std::string> stop;
  std::optional<std::int64_t> n;
  std::optional<bool> logprobs;
  std::optional<std::int64_t> top_logprobs;
  std::optional<WebSearch> web_search;
  StreamWish stream;
  bool speaks_functions =
      false;  // the client knows `function_call`, which came before `tool_calls`
  UnsupportedParams unsupported = UnsupportedParams::refuse;

  std::string user;
  std::string metadata;  // JSON text of an object
  std::string service_tier;
  std::string verbosity;
  std::string prompt_cache_key;
  std::string safety_identifier;
  std::optional<bool> store;
  std::vector<std::string> modalities;
  std::string audio;       // JSON text of {voice, format}
  std::string prediction;  // JSON text

  // Only the Responses protocol.
  std::string previous_response_id;
  std::string instructions;  // also the first message; kept because the answer repeats it
  std::vector<std::string> include;

  std::vector<RawMember> unknown;  // members without a word here, in the order of the request
};

}  // namespace gatehouse::llm
