#include "usage/findings.h"

#include <algorithm>
#include <charconv>

#include "base/bytes16.h"
#include "json/key_scan.h"
#include "json/scan.h"

namespace gatehouse::usage {
namespace {

/// The length of the string that starts at the front, quotes included; 0 if it does not end.
std::size_t string_length(std::string_view text) {
  for (std::size_t at = 1;;) {
    at = find_byte(text, at, [](Bytes16 bytes) { return bytes.equal('"'); });
    if (at == text.size()) return 0;
    std::size_t escapes = 0;
    while (text[at - 1 - escapes] == '\\') ++escapes;  // ends at the opening quote at the latest
    ++at;
    if (escapes % 2 == 0) return at;
  }
}

/// The length of the object or array at the front; 0 if it does not end.
std::size_t container_length(std::string_view text) {
  const auto marks = [](Bytes16 bytes) {
    const Bytes16 folded = bytes.with_bits('{' - '[');
    return folded.equal('{') | folded.equal('}') | bytes.equal('"');
  };
  int depth = 0;
  std::size_t at = 0;
  while ((at = find_byte(text, at, marks)) < text.size()) {
    if (text[at] == '"') {
      const std::size_t length = string_length(text.substr(at));
      if (length == 0) return 0;
      at += length;
      continue;
    }
    const bool opens = text[at] == '{' || text[at] == '[';
    depth += opens ? 1 : -1;
    ++at;
    if (depth == 0) return at;
  }
  return 0;
}

bool ends_scalar(char c) {
  return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The whole number at the front, or nothing.
std::optional<std::int64_t> number_at(std::string_view text) {
  constexpr std::size_t kSurelyFits = 18;  // digits
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (digits == kSurelyFits) break;
    value = 10 * value + (text[digits] - '0');
  }
  if (digits > 0 && (digits == text.size() || ends_scalar(text[digits]))) return value;
  value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc{} || (end != last && !ends_scalar(*end))) return std::nullopt;
  return value;
}

std::string_view value_at(std::string_view text) {
  if (text.empty()) return {};
  if (text.front() == '"') return text.substr(0, string_length(text));
  if (text.front() == '{' || text.front() == '[') return text.substr(0, container_length(text));
  return text.substr(
      0, static_cast<std::size_t>(std::ranges::find_if(text, ends_scalar) - text.begin()));
}

std::string text_at(std::string_view text) {
  if (!text.starts_with('"')) return {};
  return json::unescape(value_at(text)).value_or("");
}

using Count = std::optional<std::int64_t> Counts::*;

/// The count that the key stands for, by the names that providers have; nullptr if it is none.
Count count_of(const json::KeyScan& key) {
  constexpr std::size_t kEnd = std::string_view("_tokens").size();
  switch (key.before_last(kEnd)) {
    case 't':
      if (key.is("prompt_tokens") || key.is("input_tokens")) return &Counts::prompt;
      if (key.is("output_tokens")) return &Counts::completion;
      if (key.is("prompt_cache_hit_tokens")) return &Counts::cached;
      if (key.is("cache_read_input_tokens")) return &Counts::cache_read;
      if (key.is("cache_creation_input_tokens")) return &Counts::cache_creation;
      break;
    case 'n':
      if (key.is("completion_tokens")) return &Counts::completion;
      break;
    case 'l':
      if (key.is("total_tokens")) return &Counts::total;
      break;
    case 'd':
      if (key.is("cached_tokens")) return &Counts::cached;
      break;
    case 'g':
      if (key.is("reasoning_tokens")) return &Counts::reasoning;
      break;
    default: break;
  }
  return nullptr;
}

}  // namespace

std::string_view find_raw(std::string_view text, std::string_view key) {
  json::KeyScan keys(text, json::LastLetters(key.substr(key.size() - 1)));
  while (keys.next()) {
    if (keys.is(key)) return value_at(keys.after());
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
  constexpr json::LastLetters kWanted("s");  // all of them count tokens
  json::KeyScan keys(object, kWanted);
  while (keys.next()) {
    const Count count = count_of(keys);
    if (count == nullptr || seen.*count) continue;
    seen.*count = number_at(keys.after());
    if (seen.*count) into.*count = seen.*count;
  }
}

std::optional<llm::Usage> usage_of(const Counts& counts) {
  if (!counts.prompt && !counts.completion && !counts.total) return std::nullopt;
  llm::Usage usage;
  usage.prompt_tokens = counts.prompt.value_or(counts.completion ? 0 : counts.total.value_or(0));
  usage.prompt_tokens += counts.cache_read.value_or(0) + counts.cache_creation.value_or(0);
  usage.completion_tokens = counts.completion.value_or(0);
  // Some count reasoning beside the completion, as only their sum tells: it belongs inside.
  const std::int64_t reasoning = counts.reasoning.value_or(0);
  const std::int64_t parts = usage.prompt_tokens + usage.completion_tokens + reasoning;
  if (reasoning > 0 && counts.total == parts) usage.completion_tokens += reasoning;
  usage.total_tokens = counts.total.value_or(usage.prompt_tokens + usage.completion_tokens);
  usage.cached_tokens = counts.cached ? counts.cached : counts.cache_read;
  usage.cache_creation_tokens = counts.cache_creation;
  usage.reasoning_tokens = counts.reasoning;
  return usage;
}

namespace {

/// Notes the value of the key at which the scan stands.
void note(json::KeyScan& keys, Findings& findings) {
  switch (keys.last()) {
    case 'l':
      if (findings.model.empty() && keys.is("model")) {
        findings.model = text_at(keys.after());
        findings.has_news = true;
      }
      break;
    case 'n':
      if (findings.finish_reason.empty() && (keys.is("finish_reason") || keys.is("stop_reason"))) {
        findings.finish_reason = text_at(keys.after());
        findings.has_news |= !findings.finish_reason.empty();
      }
      break;
    case 'e':
      if (keys.is("usage") && keys.after().starts_with('{')) {
        const std::string_view raw = value_at(keys.after());
        merge_counts(raw, findings.counts);
        findings.usage = usage_of(findings.counts);
        findings.has_news = true;
        keys.skip(raw.size());
      }
      break;
    default: break;
  }
}

}  // namespace

void inspect(std::string_view text, Findings& findings) {
  if (text.empty()) return;
  constexpr json::LastLetters kWanted("lne");
  json::KeyScan keys(text, kWanted);
  while (keys.next()) note(keys, findings);
  if (text.starts_with(R"({"error")")) {
    const std::string_view error = find_raw(text, "error");
    if (error.empty() || error == "null") return;
    findings.has_news = true;
    findings.error = text_at(find_raw(error, "message"));
    if (findings.error.empty()) findings.error = error;
  }
}

}  // namespace gatehouse::usage
