// The wire protocols that the gateway speaks.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse::llm {

enum class DialectId : std::uint8_t {
  openai_chat,         // POST /chat/completions
  openai_responses,    // POST /responses
  anthropic_messages,  // POST /messages
  gemini,              // POST /models/{model}:generateContent
  bedrock_converse,    // POST /model/{model}/converse
  cohere,              // POST /v2/chat
};

/// Where a protocol is spoken, if not at its maker's own address: paths and a few members differ.
enum class Host : std::uint8_t { own, vertex, bedrock };

/// As it stands in logs and in folders: "openai_chat".
std::string_view name_of(DialectId dialect);

}  // namespace gatehouse::llm
