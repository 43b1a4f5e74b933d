// Why a model stopped, in the words of the OpenAI protocol.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse::llm {

enum class FinishReason : std::uint8_t {
  stop,            // it had said what it wanted, or a stop sequence came
  length,          // a limit of tokens
  tool_calls,      // it waits for the results of tools
  content_filter,  // withheld, refused or cut by a filter
};

/// "stop", "length", "tool_calls", "content_filter".
std::string_view name_of(FinishReason reason);

}  // namespace gatehouse::llm
