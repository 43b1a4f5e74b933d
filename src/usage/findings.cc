#include "usage/findings.h"

#include "base/text.h"
#include "json/scan.h"

namespace gatehouse::usage {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

/// The length of the string that starts at the front, quotes included; 0 if it does not end.
std::size_t string_length(std::string_view text) {
  for (std::size_t at = 1;;) {
    at = text.find('"', at);
    if (at == std::string_view::npos) return 0;
    std::size_t escapes = 0;
    while (text[at - 1 - escapes] == '\\') ++escapes;  // ends at the opening quote at the latest
    ++at;
    if (escapes % 2 == 0) return at;
  }
}

/// The length of the object or array at the front; 0 if it does not end.
std::size_t container_length(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      const std::size_t length = string_length(text.substr(i));
      if (length == 0) return 0;
      i += length - 1;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

std::string_view value_at(std::string_view text) {
  if (text.empty()) return {};
  if (text.front() == '"') return text.substr(0, string_length(text));
  if (text.front() == '{' || text.front() == '[') return text.substr(0, container_length(text));
  return text.substr(0, text.find_first_of(",}] \t\r\n"));
}

/// Goes from key to key through a text, whatever their depth, in one pass.
class Keys {
 public:
  explicit Keys(std::string_view text) : rest_(text) {}

  /// The next key (between its quotes); what follows its colon is then in `after()`.
  bool next() {
    for (;;) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) return false;
      rest_.remove_prefix(quote);
      const std::size_t length = string_length(rest_);
      if (length == 0) return false;
      key_ = rest_.substr(1, length - 2);
      rest_.remove_prefix(length);
      skip_blank();
      if (!rest_.starts_with(':')) continue;  // it was a value
      rest_.remove_prefix(1);
      skip_blank();
      return true;
    }
  }
  std::string_view key() const { return key_; }
  std::string_view after() const { return rest_; }
  void skip(std::size_t bytes) { rest_.remove_prefix(bytes); }

 private:
  void skip_blank() {
    while (!rest_.empty() && kBlank.contains(rest_.front())) rest_.remove_prefix(1);
  }
  std::string_view rest_;
  std::string_view key_;
};

std::string text_at(std::string_view text) {
  if (!text.starts_with('"')) return {};
  return json::unescape(value_at(text)).value_or("");
}

/// The names that providers have for their counts.
std::optional<std::int64_t>* count_named(std::string_view key, Counts& counts) {
  switch (key.size()) {
    case 12:
      if (key == "input_tokens") return &counts.prompt;
      if (key == "total_tokens") return &counts.total;
      break;
    case 13:
      if (key == "prompt_tokens") return &counts.prompt;
      if (key == "output_tokens") return &counts.completion;
      if (key == "cached_tokens") return &counts.cached;
      break;
    case 16:
      if (key == "reasoning_tokens") return &counts.reasoning;
      break;
    case 23:
      if (key == "prompt_cache_hit_tokens") return &counts.cached;
      if (key == "cache_read_input_tokens") return &counts.cache_read;
      break;
    case 27:
      if (key == "cache_creation_input_tokens") return &counts.cache_creation;
      break;
    case 17:
      if (key == "completion_tokens") return &counts.completion;
      break;
    default: break;
  }
  return nullptr;
}

}  // namespace

std::string_view find_raw(std::string_view text, std::string_view key) {
  Keys keys(text);
  while (keys.next()) {
    if (keys.key() == key) return value_at(keys.after());
  }
  return {};
}

std::optional<llm::Usage> parse_usage(std::string_view object) {
  Counts counts;
  merge_counts(object, counts);
  return usage_of(counts);
}

void merge_counts(std::string_view object, Counts& into) {
  Counts seen;
  Keys keys(object);
  while (keys.next()) {
    std::optional<std::int64_t>* const count = count_named(keys.key(), seen);
    if (count == nullptr || *count) continue;
    *count = parse_number<std::int64_t>(value_at(keys.after()));
    if (*count) *count_named(keys.key(), into) = *count;
  }
}

std::optional<llm::Usage> usage_of(const Counts& counts) {
  if (!counts.prompt && !counts.completion && !counts.total) return std::nullopt;
  llm::Usage usage;
  usage.prompt_tokens = counts.prompt.value_or(counts.completion ? 0 : counts.total.value_or(0));
  usage.prompt_tokens += counts.cache_read.value_or(0) + counts.cache_creation.value_or(0);
  usage.completion_tokens = counts.completion.value_or(0);
  usage.total_tokens = counts.total.value_or(usage.prompt_tokens + usage.completion_tokens);
  usage.cached_tokens = counts.cached ? counts.cached : counts.cache_read;
  usage.cache_creation_tokens = counts.cache_creation;
  usage.reasoning_tokens = counts.reasoning;
  return usage;
}

void inspect(std::string_view text, Findings& findings) {
  Keys keys(text);
  while (keys.next()) {
    const std::string_view key = keys.key();
    if (key.size() == 5 && key == "model") {
      if (findings.model.empty()) findings.model = text_at(keys.after());
    } else if (key.size() == 5 && key == "usage") {
      const std::string_view raw = value_at(keys.after());
      if (!raw.starts_with('{')) continue;
      merge_counts(raw, findings.counts);
      findings.usage = usage_of(findings.counts);
      keys.skip(raw.size());
    } else if (key == "finish_reason" || key == "stop_reason") {
      if (findings.finish_reason.empty()) findings.finish_reason = text_at(keys.after());
    }
  }
  if (text.starts_with(R"({"error")")) {
    const std::string_view error = find_raw(text, "error");
    if (error.empty() || error == "null") return;
    findings.error = text_at(find_raw(error, "message"));
    if (findings.error.empty()) findings.error = error;
  }
}

}  // namespace gatehouse::usage
