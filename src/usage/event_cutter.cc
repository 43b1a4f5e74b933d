#include "usage/event_cutter.h"

#include <algorithm>
#include <array>

#include "base/bytes16.h"
#include "base/in_common.h"

namespace gatehouse::usage {
namespace {

constexpr auto kNone = std::string_view::npos;

/// The keys of what differs from event to event and tells a meter nothing: OpenAI chat, completions
/// and Responses, Anthropic, and those who reason in the same shapes.
constexpr std::array<std::string_view, 10> kWritten = {
    "content",  "text",         "arguments", "reasoning_content", "reasoning",
    "thinking", "partial_json", "delta",     "obfuscation",       "refusal"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

/// Whether the quote, which is not escaped, opens the value of such a key. Told by what stands
/// before it: a letter, a quote and a colon. The quote behind a letter cannot open a string, so it
/// closes one, and that a colon follows makes it a key.
bool opens_written(std::string_view text, std::size_t quote) {
  std::string_view before = text.substr(0, quote);
  if (before.ends_with(' ')) before.remove_suffix(1);
  constexpr std::string_view kEndOfKey = "\":";
  if (!before.ends_with(kEndOfKey)) return false;
  before.remove_suffix(kEndOfKey.size());
  if (before.empty() || !is_letter(before.back())) return false;
  return std::ranges::any_of(kWritten, [before](std::string_view key) {
    return before.ends_with(key) && before.size() > key.size() &&
           before[before.size() - key.size() - 1] == '"';
  });
}

/// Where the string ends whose content begins there, at its quote; none if it is not ended by one.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const auto marks = [](Bytes16 bytes) {
    constexpr std::uint8_t kLastControl = 0x1F;
    return bytes.equal('"') | bytes.equal('\\') | bytes.between(0, kLastControl);
  };
  while (at < text.size()) {
    at = find_byte(text, at, marks);
    if (at == text.size()) return kNone;
    if (text[at] == '"') return at;
    if (text[at] != '\\') return kNone;
    at += 2;
  }
  return kNone;
}

/// Whether a colon follows the quote, as it does in what is no JSON. Then a meter would take the
/// string for a key.
bool is_key(std::string_view text, std::size_t quote) {
  const std::size_t next = text.find_first_not_of(" \t\r\n", quote + 1);
  return next != kNone && text[next] == ':';
}

/// The size of what belongs to the event at the front, with the empty line at its end; none if that
/// is not there. `before` is what stands before the bytes: of the same event.
std::size_t size_of_event(std::string_view before, std::string_view bytes) {
  constexpr std::string_view kLineEnd = "\r\n";
  if (before.ends_with('\n')) {
    if (bytes.starts_with('\n')) return 1;
    if (bytes.starts_with(kLineEnd)) return kLineEnd.size();
  }
  if (before.ends_with("\n\r") && bytes.starts_with('\n')) return 1;
  for (std::size_t at = bytes.find('\n'); at != kNone; at = bytes.find('\n', at + 1)) {
    const std::string_view next = bytes.substr(at + 1);
    if (next.starts_with('\n')) return at + 2;
    if (next.starts_with(kLineEnd)) return at + 1 + kLineEnd.size();
  }
  return kNone;
}

}  // namespace

EventPart EventCutter::next(std::string_view& bytes) {
  EventPart part;
  if (is_between_events_) {
    if (const std::size_t size = match(bytes); size > 0) {
      part = {bytes.substr(0, size), true, std::span(written_).first(written_count_)};
      bytes.remove_prefix(size);
      return part;
    }
  }
  const std::size_t size = size_of_event({tail_.data(), tail_size_}, bytes);
  part.bytes = bytes.substr(0, size);
  bytes.remove_prefix(part.bytes.size());
  const bool is_ended = size != kNone;
  remember(is_between_events_ && is_ended ? part.bytes : std::string_view());
  is_between_events_ = is_ended;
  keep_tail(is_ended ? std::string_view() : part.bytes);
  return part;
}

void EventCutter::keep_tail(std::string_view part) {
  if (part.size() == 1 && tail_size_ > 0) {
    tail_ = {tail_[tail_size_ - 1], part.front()};
    tail_size_ = tail_.size();
    return;
  }
  part = part.substr(part.size() - std::min(part.size(), tail_.size()));
  tail_size_ = part.copy(tail_.data(), tail_.size());
}

void EventCutter::remember(std::string_view event) {
  constexpr std::size_t kMostKept = 4096;
  constexpr int kHopeless = 20;
  known_count_ = 0;
  event_.clear();
  if (event.empty() || event.size() > kMostKept || unlike_ == kHopeless) return;
  ++unlike_;
  event_ = event;
}

/// The string that a model wrote in which this place lies, where another event begins to differ;
/// nullptr if it lies in none. The `same` bytes before it do not differ, and what stands before
/// them ends within no other string.
const EventCutter::Extent* EventCutter::find_written(std::size_t at, std::size_t same) {
  for (const Extent& one : std::span(known_).first(known_count_)) {
    if (one.begin <= at && at <= one.end) return &one;
  }
  if (known_count_ == known_.size()) return nullptr;
  const std::string_view event(event_);
  const std::size_t quote = event.substr(0, at).rfind('"');
  if (quote == kNone || at - quote > same || !opens_written(event, quote)) return nullptr;
  const std::size_t end = end_of_string(event, quote + 1);
  if (end == kNone || is_key(event, end)) return nullptr;
  Extent& found = known_[known_count_++];
  found = {quote + 1, end};
  return &found;
}

/// The size of the event at the front of the bytes, if all of it is there and it differs from the
/// one that is remembered in nothing but strings that a model writes; else 0.
std::size_t EventCutter::match(std::string_view bytes) {
  const std::string_view event(event_);
  if (event.empty()) return 0;
  written_count_ = 0;
  std::size_t in_event = 0;
  std::size_t in_bytes = 0;
  for (;;) {
    const std::size_t same = common_front(event.substr(in_event), bytes.substr(in_bytes));
    in_event += same;
    in_bytes += same;
    if (in_event == event.size()) break;
    const Extent* const known = find_written(in_event, same);
    if (known == nullptr || written_count_ == written_.size()) return 0;
    const std::size_t begin = in_bytes - (in_event - known->begin);
    in_bytes = end_of_string(bytes, begin);
    if (in_bytes == kNone) return 0;
    in_event = known->end;
    written_[written_count_++] = {known->begin, known->end - known->begin,
                                  bytes.substr(begin, in_bytes - begin)};
  }
  unlike_ = 0;
  return in_bytes;
}

}  // namespace gatehouse::usage
