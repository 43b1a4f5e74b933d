// Tools and structured output in the Messages protocol, for the provider.
#pragma once

#include "dialects/anthropic_messages/thinking.h"
#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::anthropic_messages {

/// The tool whose arguments are the answer, where a model has no other way to answer in JSON.
inline constexpr std::string_view kJsonTool = "json_tool_call";

/// A built-in tool as Anthropic writes it. In OpenAI's envelope, {"type": "computer", "computer":
/// {"name": "computer_20250124", …}}, the name within is the versioned type. Empty if it is no tool
/// of Claude's.
std::string own_tool(const llm::Tool& tool);

/// Whether the response format is asked for through kJsonTool.
bool needs_json_tool(const llm::Call& call, const ModelTraits& traits);

/// The `tools` and `tool_choice` members.
void write_tools(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                 const ThinkingPlan& thinking, EncodeLedger& ledger);

/// The `output_config` member: effort, and a schema where the model takes one.
void write_output_config(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                         const ThinkingPlan& thinking);

}  // namespace gatehouse::dialects::anthropic_messages
