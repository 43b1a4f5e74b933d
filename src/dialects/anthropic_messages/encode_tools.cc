#include "dialects/anthropic_messages/encode_tools.h"

#include "dialects/anthropic_messages/encode_content.h"
#include "dialects/json_reader.h"
#include "dialects/schema.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects::anthropic_messages {
namespace {

using FormatKind = llm::ResponseFormat::Kind;
using Mode = llm::ToolChoice::Mode;

void write_function(JsonWriter& json, const llm::Tool& tool, const ModelTraits& traits) {
  const bool is_strict = tool.strict.value_or(false) && traits.knows_schemas;
  const std::string schema = schema_of(tool);
  json.open().text("name", tool.name).text_if_any("description", tool.description);
  json.raw("input_schema", is_strict ? closed_schema(schema) : schema);
  if (is_strict) json.flag("strict", true);
  for (const llm::RawMember& extra : tool.extras) json.raw(extra.name, extra.json);
  write_cache_control(json, tool.cache);
  json.close();
}

void write_provider_tool(JsonWriter& json, const llm::Tool& tool, EncodeLedger& ledger) {
  const std::string own = own_tool(tool);
  if (own.empty()) return ledger.refuse("tools", "it has no built-in tool '" + tool.name + "'");
  json.raw(own);
}

void write_domains(JsonWriter& json, std::string_view key,
                   const std::vector<std::string>& domains) {
  if (domains.empty()) return;
  json.open_list(key);
  for (const std::string& domain : domains) json.text(domain);
  json.close_list();
}

void write_web_search(JsonWriter& json, const llm::WebSearch& search) {
  json.open().text("type", "web_search_20250305").text("name", "web_search");
  json.integer_if_any("max_uses", search.max_uses);
  write_domains(json, "allowed_domains", search.allowed_domains);
  write_domains(json, "blocked_domains", search.blocked_domains);
  if (!search.location.empty()) {
    json.open("user_location").text("type", "approximate");
    for (const llm::RawMember& member : search.location) json.raw(member.name, member.json);
    json.close();
  }
  json.close();
}

void write_json_tool(JsonWriter& json, const llm::ResponseFormat& format) {
  const bool has_schema = format.kind == FormatKind::json_schema && !format.schema.empty();
  json.open().text("name", kJsonTool);
  json.text("description",
            format.description.empty()
                ? "Gives the final answer. Its arguments are the answer: one JSON object "
                  "with the members that were asked for."
                : std::string_view(format.description));
  json.raw("input_schema", has_schema ? object_schema(format.schema)
                                      : R"({"type":"object","additionalProperties":true})");
  json.close();
}

/// What the choice comes to once thinking and the JSON tool have had their say.
struct Choice {
  Mode mode = Mode::automatic;
  std::string_view name;
  bool is_said = false;
};

Choice choice_of(const llm::Call& call, const ModelTraits& traits, const ThinkingPlan& thinking,
                 EncodeLedger& ledger) {
  Choice choice;
  if (call.tool_choice) choice = {call.tool_choice->mode, call.tool_choice->name, true};
  if (needs_json_tool(call, traits) && choice.mode != Mode::named) {
    const bool is_alone = call.tools.empty() || choice.mode == Mode::none;
    choice = is_alone ? Choice{Mode::named, kJsonTool, true} : Choice{Mode::required, {}, true};
  }
  const bool is_forced = choice.mode == Mode::required || choice.mode == Mode::named;
  if (thinking.is_on() && is_forced) {  // Claude cannot think and be told which tool to use
    if (call.tool_choice) ledger.drop("tool_choice");
    choice = {Mode::automatic, {}, true};
  }
  return choice;
}

void write_choice(JsonWriter& json, const Choice& choice, const llm::Call& call) {
  constexpr std::string_view kTypes[] = {"auto", "none", "any", "tool"};
  const bool is_single = !call.parallel_tool_calls.value_or(true) && choice.mode != Mode::none;
  if (!choice.is_said && !is_single) return;
  json.open("tool_choice").text("type", kTypes[static_cast<std::size_t>(choice.mode)]);
  json.text_if_any("name", choice.name);
  if (is_single) json.flag("disable_parallel_tool_use", true);
  json.close();
}

}  // namespace

std::string own_tool(const llm::Tool& tool) {
  if (tool.dialect == llm::DialectId::anthropic_messages) return tool.raw;
  const Result<json::Value> envelope = json::parse(tool.raw);
  const std::string type(envelope ? text_at(*envelope, "type") : std::string_view());
  const json::Object* described = envelope ? object_at(*envelope, type) : nullptr;
  if (described == nullptr || tool.dialect != llm::DialectId::openai_chat) return {};
  std::string text;
  JsonWriter json(text);
  json.open().text("type", tool.name).text("name", type);
  for (const auto& member : *described) {
    if (member.key() != "name") json.value(member.key(), member.value());
  }
  write_cache_control(json, tool.cache);
  json.close();
  return text;
}

bool needs_json_tool(const llm::Call& call, const ModelTraits& traits) {
  return call.format.kind == FormatKind::json_object ||
         (call.format.kind == FormatKind::json_schema && !traits.knows_schemas);
}

void write_tools(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                 const ThinkingPlan& thinking, EncodeLedger& ledger) {
  const bool has_json_tool = needs_json_tool(call, traits);
  const std::vector<const llm::Tool*> tools = tools_in_play(call);
  if (tools.empty() && !has_json_tool && !call.web_search) return;
  json.open_list("tools");
  for (const llm::Tool* tool : tools) {
    if (tool->kind == llm::Tool::Kind::provider) {
      write_provider_tool(json, *tool, ledger);
    } else {
      write_function(json, *tool, traits);
    }
  }
  if (call.web_search) write_web_search(json, *call.web_search);
  if (has_json_tool) write_json_tool(json, call.format);
  json.close_list();
  write_choice(json, choice_of(call, traits, thinking, ledger), call);
}

void write_output_config(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                         const ThinkingPlan& thinking) {
  const bool has_schema = call.format.kind == FormatKind::json_schema && traits.knows_schemas;
  if (!has_schema && thinking.effort.empty()) return;
  json.open("output_config").text_if_any("effort", thinking.effort);
  if (has_schema) {
    json.open("format").text("type", "json_schema");
    json.raw("schema", closed_schema(call.format.schema)).close();
  }
  json.close();
}

}  // namespace gatehouse::dialects::anthropic_messages
