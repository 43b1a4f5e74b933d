// Tools and structured output, for Bedrock.
#pragma once

#include "dialects/anthropic_messages/thinking.h"
#include "dialects/bedrock_converse/family.h"
#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"
#include "json/value.h"

namespace gatehouse::dialects::bedrock_converse {

/// The tool whose arguments are the answer, where a model has no other way to answer in JSON.
inline constexpr std::string_view kJsonTool = "json_tool_call";

/// What of a call the encoders of a Bedrock request look at, and what they make of it.
struct Plan {
  const llm::Call& call;
  Family family;
  const anthropic_messages::ModelTraits& traits;  // of a Claude; else those of an unlisted one
  anthropic_messages::ThinkingPlan thinking;
  EncodeLedger& ledger;
  json::Object model_fields;  // for `additionalModelRequestFields`

  bool is_claude() const { return family == Family::anthropic; }
};

bool needs_json_tool(const Plan& plan);

/// The `toolConfig` member; Claude's built-in tools go into the model's own fields.
void write_tools(JsonWriter& json, Plan& plan);

/// The `outputConfig` member, where the model takes a schema.
void write_output_config(JsonWriter& json, const Plan& plan);

}  // namespace gatehouse::dialects::bedrock_converse
