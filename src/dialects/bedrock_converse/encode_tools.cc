#include "dialects/bedrock_converse/encode_tools.h"

#include <algorithm>

#include "dialects/anthropic_messages/encode_tools.h"
#include "dialects/bedrock_converse/encode_content.h"
#include "dialects/schema.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects::bedrock_converse {
namespace {

using FormatKind = llm::ResponseFormat::Kind;
using Mode = llm::ToolChoice::Mode;

/// What stands in a toolSpec. Bedrock refuses an empty description.
struct Spec {
  std::string_view name;
  std::string_view description;
  std::string schema;
  bool is_strict = false;
};

void write_spec(JsonWriter& json, const Spec& spec) {
  json.open().open("toolSpec").text("name", spec.name);
  json.text("description", spec.description.empty() ? spec.name : spec.description);
  json.open("inputSchema").raw("json", spec.schema).close();
  if (spec.is_strict) json.flag("strict", true);
  json.close().close();
}

/// The names of tools that the history uses: Bedrock wants each of them described.
std::vector<std::string_view> names_in_history(const llm::Call& call) {
  std::vector<std::string_view> names;
  for (const llm::Message& message : call.messages) {
    for (const llm::Block& block : message.blocks) {
      const auto* tool_call = std::get_if<llm::ToolCall>(&block.content);
      if (tool_call == nullptr || std::ranges::find(names, tool_call->name) != names.end())
        continue;
      names.push_back(tool_call->name);
    }
  }
  return names;
}

/// Sorts out Claude's built-in tools, which stand among the model's own fields.
std::vector<const llm::Tool*> functions_of(Plan& plan) {
  std::vector<const llm::Tool*> functions;
  json::Array own_tools;
  for (const llm::Tool* tool : tools_in_play(plan.call)) {
    if (tool->kind != llm::Tool::Kind::provider) {
      functions.push_back(tool);
      continue;
    }
    const std::string own = plan.is_claude() ? anthropic_messages::own_tool(*tool) : std::string();
    Result<json::Value> parsed = json::parse(own);
    if (parsed) {
      own_tools.push_back(std::move(*parsed));
    } else {
      plan.ledger.refuse("tools", "it has no built-in tool '" + tool->name + "'");
    }
  }
  if (!own_tools.empty()) plan.model_fields["tools"] = std::move(own_tools);
  return functions;
}

struct Choice {
  Mode mode = Mode::automatic;
  std::string_view name;
  bool is_said = false;
};

Choice choice_of(const Plan& plan) {
  Choice choice;
  const llm::Call& call = plan.call;
  if (call.tool_choice) choice = {call.tool_choice->mode, call.tool_choice->name, true};
  if (needs_json_tool(plan) && choice.mode != Mode::named) {
    const bool is_alone = call.tools.empty() || choice.mode == Mode::none;
    choice = is_alone ? Choice{Mode::named, kJsonTool, true} : Choice{Mode::required, {}, true};
  }
  const bool is_forced = choice.mode == Mode::required || choice.mode == Mode::named;
  if (plan.is_claude() && plan.thinking.is_on() && is_forced) {
    if (call.tool_choice) plan.ledger.drop("tool_choice");
    choice = {Mode::automatic, {}, true};
  }
  return choice;
}

/// Claude's way to forbid parallel calls goes with its own form of the choice.
void forbid_parallel_calls(const Choice& choice, Plan& plan) {
  constexpr std::string_view kTypes[] = {"auto", "none", "any", "tool"};
  json::Object own{{"type", kTypes[static_cast<std::size_t>(choice.mode)]},
                   {"disable_parallel_tool_use", true}};
  if (!choice.name.empty()) own["name"] = choice.name;
  plan.model_fields["tool_choice"] = std::move(own);
}

void write_choice(JsonWriter& json, Plan& plan) {
  const Choice choice = choice_of(plan);
  if (!plan.call.parallel_tool_calls.value_or(true)) {
    if (plan.is_claude() && choice.mode != Mode::none) return forbid_parallel_calls(choice, plan);
    plan.ledger.drop("parallel_tool_calls");
  }
  if (!choice.is_said || choice.mode == Mode::none) return;  // there is no word for "none"
  json.open("toolChoice");
  if (choice.mode == Mode::named) {
    json.open("tool").text("name", choice.name).close();
  } else {
    json.open(choice.mode == Mode::required ? "any" : "auto").close();
  }
  json.close();
}

Spec spec_of(const llm::Tool& tool, const Plan& plan) {
  const bool is_strict =
      tool.strict.value_or(false) && plan.is_claude() && plan.traits.knows_schemas;
  const std::string schema = schema_of(tool);
  return {tool.name, tool.description, is_strict ? closed_schema(schema) : schema, is_strict};
}

Spec json_spec(const llm::ResponseFormat& format) {
  const bool has_schema = format.kind == FormatKind::json_schema && !format.schema.empty();
  return {
      kJsonTool,
      "Gives the final answer. Its arguments are the answer: one JSON object with the members that "
      "were asked for.",
      has_schema ? object_schema(format.schema)
                 : R"({"type":"object","additionalProperties":true})",
      false};
}

}  // namespace

bool needs_json_tool(const Plan& plan) {
  const bool takes_schema = plan.is_claude() && plan.traits.knows_schemas;
  return plan.call.format.kind == FormatKind::json_object ||
         (plan.call.format.kind == FormatKind::json_schema && !takes_schema);
}

void write_tools(JsonWriter& json, Plan& plan) {
  const std::vector<const llm::Tool*> functions = functions_of(plan);
  const std::vector<std::string_view> used = names_in_history(plan.call);
  const bool has_json_tool = needs_json_tool(plan);
  const bool is_forbidden = plan.call.tool_choice && plan.call.tool_choice->mode == Mode::none;
  const bool has_tools = !functions.empty() && !(is_forbidden && used.empty());
  if (!has_tools && used.empty() && !has_json_tool) return;
  json.open("toolConfig").open_list("tools");
  for (const llm::Tool* tool : functions) {
    write_spec(json, spec_of(*tool, plan));
    if (plan.family != Family::amazon) write_cache_point(json, tool->cache);
  }
  if (functions.empty()) {
    for (const std::string_view name : used) write_spec(json, {name, {}, object_schema({}), false});
  }
  if (has_json_tool) write_spec(json, json_spec(plan.call.format));
  json.close_list();
  if (has_tools || has_json_tool) write_choice(json, plan);
  json.close();
}

void write_output_config(JsonWriter& json, const Plan& plan) {
  const llm::ResponseFormat& format = plan.call.format;
  if (format.kind != FormatKind::json_schema || needs_json_tool(plan)) return;
  json.open("outputConfig").open("textFormat").text("type", "json_schema");
  json.open("structure").open("jsonSchema").text("schema", closed_schema(format.schema));
  json.text_if_any("name", format.name).text_if_any("description", format.description);
  json.close().close().close().close();
}

}  // namespace gatehouse::dialects::bedrock_converse
