#include "dialects/gemini/encode_tools.h"

#include <algorithm>
#include <array>

#include "dialects/json_reader.h"
#include "dialects/schema.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects::gemini {
namespace {

using Mode = llm::ToolChoice::Mode;

struct NativeTool {
  std::string_view name;
  std::string_view member;
};
// Functions with these names stand for Google's own tools; their parameters are the tool's
// settings.
constexpr std::array kNativeTools = {
    NativeTool{"googleSearch", "googleSearch"},
    NativeTool{"google_search", "googleSearch"},
    NativeTool{"googleSearchRetrieval", "googleSearchRetrieval"},
    NativeTool{"google_search_retrieval", "googleSearchRetrieval"},
    NativeTool{"computerUse", "computerUse"},
    NativeTool{"computer_use", "computerUse"},
    NativeTool{"googleMaps", "googleMaps"},
    NativeTool{"google_maps", "googleMaps"},
    NativeTool{"codeExecution", "codeExecution"},
    NativeTool{"code_execution", "codeExecution"},
    NativeTool{"urlContext", "urlContext"},
    NativeTool{"url_context", "urlContext"},
};

std::string_view native_member(const llm::Tool& tool) {
  const auto found = std::ranges::find(kNativeTools, tool.name, &NativeTool::name);
  return found == kNativeTools.end() ? std::string_view() : found->member;
}

/// The settings of a native tool: a function's parameters, or what stands beside `type`.
std::string native_settings(const llm::Tool& tool) {
  if (tool.kind != llm::Tool::Kind::provider) return tool.schema.empty() ? "{}" : tool.schema;
  const Result<json::Value> raw = json::parse(tool.raw);
  const json::Value* settings = raw ? json::find(*raw, text_at(*raw, "type")) : nullptr;
  if (settings == nullptr || !settings->is_object()) return "{}";
  json::Object members = *settings->if_object();
  members.erase("name");
  return to_text(json::Value(std::move(members)));
}

void write_schema(JsonWriter& json, std::string_view schema, const ModelTraits& traits) {
  if (traits.takes_json_schema) {
    json.raw("parametersJsonSchema", schema);
  } else {
    json.raw("parameters", openapi_schema(schema));
  }
}

void write_declaration(JsonWriter& json, const llm::Tool& tool, const ModelTraits& traits) {
  json.open().text("name", tool.name).text_if_any("description", tool.description);
  const bool has_parameters = tool.kind == llm::Tool::Kind::custom || !tool.schema.empty();
  if (has_parameters) write_schema(json, schema_of(tool), traits);
  json.close();
}

void write_json_tool(JsonWriter& json, const llm::ResponseFormat& format,
                     const ModelTraits& traits) {
  json.open().text("name", kJsonTool);
  json.text(
      "description",
      "Gives the final answer. Its arguments are the answer: one JSON object with the members "
      "that were asked for.");
  write_schema(json, object_schema(format.schema), traits);
  json.close();
}

struct Sorted {
  std::vector<const llm::Tool*> functions;
  std::vector<const llm::Tool*> native;
};

Sorted sort_tools(const llm::Call& call, EncodeLedger& ledger) {
  Sorted sorted;
  for (const llm::Tool* tool : tools_in_play(call)) {
    if (!native_member(*tool).empty()) {
      sorted.native.push_back(tool);
    } else if (tool->kind == llm::Tool::Kind::provider) {
      ledger.refuse("tools", "it has no built-in tool '" + tool->name + "'");
    } else {
      sorted.functions.push_back(tool);
    }
  }
  return sorted;
}

void write_config(JsonWriter& json, const llm::Call& call, const ModelTraits& traits) {
  const bool has_json_tool = needs_json_tool(call, traits);
  if (!call.tool_choice && !has_json_tool) return;
  const llm::ToolChoice choice = call.tool_choice.value_or(llm::ToolChoice{});
  constexpr std::string_view kModes[] = {"AUTO", "NONE", "ANY", "ANY"};
  std::string_view mode = kModes[static_cast<std::size_t>(choice.mode)];
  if (has_json_tool) mode = "ANY";
  json.open("toolConfig").open("functionCallingConfig").text("mode", mode);
  if (choice.mode == Mode::named || (has_json_tool && choice.mode == Mode::none)) {
    json.open_list("allowedFunctionNames");
    json.text(choice.mode == Mode::named ? std::string_view(choice.name) : kJsonTool).close_list();
  }
  json.close().close();
}

}  // namespace

bool needs_json_tool(const llm::Call& call, const ModelTraits& traits) {
  return call.format.kind == llm::ResponseFormat::Kind::json_schema && !call.tools.empty() &&
         !traits.mixes_json_and_tools;
}

void write_tools(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                 EncodeLedger& ledger) {
  const Sorted tools = sort_tools(call, ledger);
  const bool has_json_tool = needs_json_tool(call, traits);
  const bool has_functions = !tools.functions.empty() || has_json_tool;
  if (!has_functions && tools.native.empty() && !call.web_search) return;
  json.open_list("tools");
  if (has_functions) {
    json.open().open_list("functionDeclarations");
    for (const llm::Tool* tool : tools.functions) write_declaration(json, *tool, traits);
    if (has_json_tool) write_json_tool(json, call.format, traits);
    json.close_list().close();
  }
  for (const llm::Tool* tool : tools.native) {
    json.open().raw(native_member(*tool), native_settings(*tool)).close();
  }
  if (call.web_search) json.open().open("googleSearch").close().close();
  json.close_list();
  if (has_functions) write_config(json, call, traits);
  if (!call.parallel_tool_calls.value_or(true)) ledger.drop("parallel_tool_calls");
}

}  // namespace gatehouse::dialects::gemini
