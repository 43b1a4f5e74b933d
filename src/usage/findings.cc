#include "usage/findings.h"

#include <cstring>

#include "base/text.h"
#include "json/scan.h"

namespace gatehouse::usage {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::size_t find_text(std::string_view text, std::string_view wanted) {
  const void* const found = memmem(text.data(), text.size(), wanted.data(), wanted.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

/// The length of the string that starts at the front, quotes included; 0 if it does not end.
std::size_t string_length(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return 0;
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

std::optional<std::string> find_string(std::string_view text, std::string_view quoted_key) {
  const std::string_view raw = find_raw(text, quoted_key);
  if (raw.empty() || raw.front() != '"') return std::nullopt;
  return json::unescape(raw);
}

std::optional<std::int64_t> find_count(std::string_view text, std::string_view quoted_key) {
  return parse_number<std::int64_t>(find_raw(text, quoted_key));
}

std::optional<std::int64_t> either(std::string_view text, std::string_view a, std::string_view b) {
  const std::optional<std::int64_t> first = find_count(text, a);
  return first ? first : find_count(text, b);
}

void inspect_usage(std::string_view text, Findings& findings) {
  const std::string_view raw = find_raw(text, R"("usage")");
  if (raw.empty() || raw.front() != '{') return;
  if (std::optional<llm::Usage> usage = parse_usage(raw)) findings.usage = usage;
}

}  // namespace

std::string_view find_raw(std::string_view text, std::string_view quoted_key) {
  for (;;) {
    const std::size_t at = find_text(text, quoted_key);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + quoted_key.size());
    std::size_t next = text.find_first_not_of(kBlank);
    if (next == std::string_view::npos) return {};
    if (text[next] != ':') continue;  // it was a value, not a key
    next = text.find_first_not_of(kBlank, next + 1);
    if (next == std::string_view::npos) return {};
    return value_at(text.substr(next));
  }
}

std::optional<llm::Usage> parse_usage(std::string_view object) {
  const auto prompt = either(object, R"("prompt_tokens")", R"("input_tokens")");
  const auto completion = either(object, R"("completion_tokens")", R"("output_tokens")");
  const auto total = find_count(object, R"("total_tokens")");
  if (!prompt && !completion && !total) return std::nullopt;
  llm::Usage usage;
  usage.prompt_tokens = prompt.value_or(completion ? 0 : total.value_or(0));
  usage.completion_tokens = completion.value_or(0);
  usage.total_tokens = total.value_or(usage.prompt_tokens + usage.completion_tokens);
  usage.cached_tokens = either(object, R"("cached_tokens")", R"("prompt_cache_hit_tokens")");
  usage.reasoning_tokens = find_count(object, R"("reasoning_tokens")");
  return usage;
}

void inspect(std::string_view text, Findings& findings) {
  if (findings.model.empty()) findings.model = find_string(text, R"("model")").value_or("");
  if (findings.finish_reason.empty()) {
    findings.finish_reason = find_string(text, R"("finish_reason")").value_or("");
  }
  inspect_usage(text, findings);
  if (text.starts_with(R"({"error")")) {
    const std::string_view error = find_raw(text, R"("error")");
    if (error.empty() || error == "null") return;
    findings.error = find_string(error, R"("message")").value_or(std::string(error));
  }
}

}  // namespace gatehouse::usage
