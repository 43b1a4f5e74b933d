// Tools and how they may be used, for Gemini.
#pragma once

#include "dialects/encode_ledger.h"
#include "dialects/gemini/model_traits.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::gemini {

/// The function whose arguments are the answer, where a model does not give a JSON answer while it
/// has tools.
inline constexpr std::string_view kJsonTool = "json_tool_call";

bool needs_json_tool(const llm::Call& call, const ModelTraits& traits);

/// The `tools` and `toolConfig` members.
void write_tools(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                 EncodeLedger& ledger);

}  // namespace gatehouse::dialects::gemini
