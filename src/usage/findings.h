// What a passing answer tells about itself, found by looking at its text without building it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "llm/usage.h"

namespace gatehouse::usage {

/// Counts as far as a provider has told them.
struct Counts {
  std::optional<std::int64_t> prompt;
  std::optional<std::int64_t> completion;
  std::optional<std::int64_t> total;
  std::optional<std::int64_t> cached;
  std::optional<std::int64_t> cache_read;  // Anthropic counts these beside the prompt
  std::optional<std::int64_t> cache_creation;
  std::optional<std::int64_t> reasoning;
};

/// What is asked for each event stands first, together.
struct Findings {
  bool has_news = false;      // something was noted since the owner last cleared this
  bool is_done = false;       // `[DONE]` was there
  std::string model;          // as the provider names it
  std::string finish_reason;  // of the first choice that has one
  std::string error;          // the message of an error that came inside an answer with status 200
  Counts counts;              // of all usage objects so far: streams tell them in parts
  std::optional<llm::Usage> usage;
};

/// Looks through one JSON text in the OpenAI shape (an answer, or the data of one event) and notes
/// what it tells. Relies on this: a quote inside a JSON string is escaped, so `"usage":` can only
/// be a key. Keys are found at any depth, which is what providers that wrap their usage (`x_groq`)
/// need.
void inspect(std::string_view text, Findings& findings);

/// The value of the first such key in the text, at any depth, raw; empty if there is none or it is
/// cut off.
std::string_view find_raw(std::string_view text, std::string_view key);

/// Normalised counts from a usage object in the OpenAI or the Anthropic-like spelling.
std::optional<llm::Usage> parse_usage(std::string_view object);

/// The counts of one usage object, laid over those that are known.
void merge_counts(std::string_view object, Counts& into);
std::optional<llm::Usage> usage_of(const Counts& counts);

}  // namespace gatehouse::usage
