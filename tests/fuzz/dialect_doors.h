// What the fuzz targets of the dialects share: doors chosen by a byte, and what must hold of
// whatever is made from hostile input: it is JSON.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dialects/dialect.h"
#include "json/value.h"

namespace gatehouse::fuzzing {

inline constexpr std::array kDialects = {
    llm::DialectId::openai_chat,        llm::DialectId::openai_responses,
    llm::DialectId::anthropic_messages, llm::DialectId::gemini,
    llm::DialectId::bedrock_converse,   llm::DialectId::cohere};
inline constexpr std::array kFrontDoors = {llm::DialectId::openai_chat,
                                           llm::DialectId::openai_responses,
                                           llm::DialectId::anthropic_messages};
/// Models whose traits differ, so that each way of asking is taken.
inline constexpr std::array<std::string_view, 6> kModels = {
    "gpt-5",           "claude-3-5-haiku", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "claude-opus-4-6", "gemini-2.0-flash", "gemini-3-pro"};

/// The dialect that a byte stands for: a digit, so that a corpus can be read.
inline llm::DialectId dialect_of(std::uint8_t byte) {
  return kDialects[static_cast<std::size_t>(byte - '0') % kDialects.size()];
}

inline void expect_json(std::string_view text) {
  if (json::parse(text)) return;
  std::fprintf(stderr, "no JSON: %.*s\n", static_cast<int>(text.size()), text.data());
  std::abort();
}

}  // namespace gatehouse::fuzzing
