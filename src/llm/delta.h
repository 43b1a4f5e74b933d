// What a streamed answer is made of: the same for every protocol.
//
// The order that every decoder produces and every encoder relies on:
//   Started; then any of the others, where ToolCallStarted comes before the ToolCallArguments of
//   its index, and the arguments of a call without any are "{}"; Finished once for each choice,
//   after everything else of that choice. UsageReported may come anywhere and more than once: the
//   last one counts. A stream that fails ends with an Error instead, never with a Finished made up
//   for it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "llm/reply.h"

namespace gatehouse::llm {

/// The first delta of a stream.
struct Started {
  std::string id;
  std::string model;
  std::int64_t created = 0;  // seconds since 1970; 0 if the provider did not say
  std::string service_tier;
  std::string system_fingerprint;
};

/// `block` is the provider's number of the content block that the text belongs to, where it has
/// one.
struct TextDelta {
  std::int64_t choice = 0;
  std::int64_t block = 0;
  std::string text;
  std::vector<TokenLogprob> logprobs;  // of the tokens of `text`
};

struct RefusalDelta {
  std::int64_t choice = 0;
  std::string text;
};

/// A piece of thought, or (with empty text) its signature, or thoughts that came encrypted.
struct ReasoningDelta {
  std::int64_t choice = 0;
  std::int64_t block = 0;
  std::string text;
  std::string signature;
  std::string redacted;
};

/// `index` counts the tool calls of a choice from 0.
struct ToolCallStarted {
  std::int64_t choice = 0;
  std::int64_t index = 0;
  std::string id;
  std::string name;
  std::string signature;
  ToolKind kind = ToolKind::function;
};

struct ToolCallArguments {
  std::int64_t choice = 0;
  std::int64_t index = 0;
  std::string fragment;
};

/// A block that arrives whole: an image, or one that only one protocol knows.
struct BlockDelta {
  std::int64_t choice = 0;
  std::int64_t block = 0;
  Block content;
};

/// A source of the text that was sent last.
struct CitationDelta {
  std::int64_t choice = 0;
  std::int64_t block = 0;
  Citation citation;
};

struct Finished {
  std::int64_t choice = 0;
  Finish finish;
  std::vector<RawMember> extras;
};

struct UsageReported {
  Usage usage;
};

/// The provider is alive and has nothing to say yet.
struct KeepAlive {};

using Delta =
    std::variant<Started, TextDelta, RefusalDelta, ReasoningDelta, ToolCallStarted,
                 ToolCallArguments, BlockDelta, CitationDelta, Finished, UsageReported, KeepAlive>;

}  // namespace gatehouse::llm
