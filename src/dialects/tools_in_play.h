// Tools as protocols see them that know functions only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "llm/call.h"

namespace gatehouse::dialects {

/// The tools that the model may use: all, or those that an `allowed_tools` choice names.
std::vector<const llm::Tool*> tools_in_play(const llm::Call& call);

/// The schema of a function's arguments. A custom tool is a function with one text, `input`.
std::string schema_of(const llm::Tool& tool);

/// The arguments of a call as the text of a JSON object: those of a custom tool are wrapped as
/// `schema_of` says, none are `{}`. Empty if they are no JSON object.
std::string arguments_object(const llm::ToolCall& call);

/// The names of the custom tools, for DecodeHints.
std::vector<std::string> custom_tool_names(const llm::Call& call);

/// An id with every character but letters, digits, `_` and `-` replaced by `_`: other providers'
/// ids come back to one that checks them.
std::string plain_id(std::string_view id);

}  // namespace gatehouse::dialects
