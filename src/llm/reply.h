// A whole answer of a model, in no protocol's own shape.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "llm/finish_reason.h"
#include "llm/message.h"
#include "llm/usage.h"

namespace gatehouse::llm {

struct TokenLogprob {
  std::string token;
  double logprob = 0;
  std::vector<std::pair<std::string, double>> top;  // alternatives with their log probabilities
};

/// Why a choice ended.
struct Finish {
  FinishReason reason = FinishReason::stop;
  std::string raw;  // the provider's own word; empty if it is the one of `reason`
  std::string
      stop_sequence;  // the sequence that stopped it, if one did and the provider says which
};

struct Choice {
  std::int64_t index = 0;
  std::vector<Block> blocks;
  Finish finish;
  std::vector<TokenLogprob> logprobs;
  std::vector<RawMember> extras;  // what only this provider says: groundingMetadata, …
};

struct Reply {
  std::string id;
  std::string model;
  std::int64_t created = 0;  // seconds since 1970; 0 if the provider did not say
  std::vector<Choice> choices;
  std::optional<Usage> usage;
  std::string service_tier;
  std::string system_fingerprint;
  std::vector<RawMember> extras;  // what only this provider says: citations, …
};

}  // namespace gatehouse::llm
