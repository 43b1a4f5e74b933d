// Token counts, normalised: whoever counted them, they mean the same here, because the bill and
// every budget depend on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::llm {

struct Usage {
  std::int64_t prompt_tokens = 0;      // everything read, tokens from and into a cache included
  std::int64_t completion_tokens = 0;  // everything written, reasoning included
  std::int64_t total_tokens = 0;       // prompt + completion

  // Parts of prompt_tokens; absent if the provider did not say.
  std::optional<std::int64_t> cached_tokens;             // read from the provider's cache
  std::optional<std::int64_t> cache_creation_tokens;     // written into it
  std::optional<std::int64_t> cache_creation_1h_tokens;  // of those, the ones kept for an hour
  std::optional<std::int64_t> audio_prompt_tokens;

  // Parts of completion_tokens; absent if the provider did not say.
  std::optional<std::int64_t> reasoning_tokens;
  std::optional<std::int64_t> audio_completion_tokens;
  std::optional<std::int64_t> accepted_prediction_tokens;
  std::optional<std::int64_t> rejected_prediction_tokens;

  // Charged apart from tokens.
  std::optional<std::int64_t> web_search_requests;

  friend bool operator==(const Usage&, const Usage&) = default;
};

}  // namespace gatehouse::llm
