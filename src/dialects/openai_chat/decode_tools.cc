#include "dialects/json_writer.h"
#include "dialects/openai_chat/decode.h"

namespace gatehouse::dialects::openai_chat {
namespace {

using Mode = llm::ToolChoice::Mode;

constexpr std::string_view kChoices =
    "\"none\", \"auto\", \"required\" or {\"type\":\"function\",\"function\":{\"name\":…}}";

llm::Tool decode_function(Fields& fields) {
  llm::Tool tool;
  tool.name = fields.text("name");
  if (tool.name.empty()) fields.report("name", "the name of the function");
  tool.description = fields.text("description");
  tool.schema = fields.raw_object("parameters");
  tool.strict = fields.flag("strict");
  tool.extras = fields.rest();
  return tool;
}

llm::Tool decode_custom(Fields& fields) {
  llm::Tool tool;
  tool.kind = llm::Tool::Kind::custom;
  tool.name = fields.text("name");
  tool.description = fields.text("description");
  tool.raw = fields.raw("format");
  return tool;
}

/// A tool built into some provider: {"type": T, T: {"name": …}}.
llm::Tool decode_provider_tool(Fields& item, const std::string& type) {
  llm::Tool tool;
  tool.kind = llm::Tool::Kind::provider;
  const json::Object* named = item.object(type);
  if (named != nullptr) tool.name = text_at(*json::find(item.whole(), type), "name");
  if (tool.name.empty()) tool.name = type;
  tool.raw = to_text(item.whole());
  return tool;
}

llm::Tool decode_tool(Fields& item) {
  const std::string type = item.text("type");
  const json::Object* described = nullptr;
  if (type == "function" || type == "custom") {
    described = item.object(type);
    if (described == nullptr) item.report(type, "an object with 'name'");
  } else if (type.empty()) {
    item.report("type", "\"function\"");
  }
  if (described == nullptr) return type.empty() ? llm::Tool{} : decode_provider_tool(item, type);
  Fields fields(*described, item.path_of(type) + ".", item.problems());
  llm::Tool tool = type == "custom" ? decode_custom(fields) : decode_function(fields);
  tool.cache = decode_cache_control(item);
  return tool;
}

std::optional<Mode> mode_of(std::string_view word) {
  if (word == "auto") return Mode::automatic;
  if (word == "none") return Mode::none;
  if (word == "required" || word == "any") return Mode::required;
  return std::nullopt;
}

/// {"type":"allowed_tools","allowed_tools":{"mode":…,"tools":[{"type":"function","function":{"name"}}]}}
llm::ToolChoice decode_allowed(Fields& choice) {
  const json::Object* object = choice.object("allowed_tools");
  Fields fields(object == nullptr ? choice.whole() : *object, choice.path_of("allowed_tools."),
                choice.problems());
  llm::ToolChoice decoded;
  decoded.mode = mode_of(fields.text("mode")).value_or(Mode::automatic);
  for (Fields& tool : fields.objects("tools")) {
    std::string name = tool.text("name");
    const json::Object* function = tool.object("function");
    if (function != nullptr)
      name = Fields(*function, tool.path_of("function."), tool.problems()).text("name");
    if (!name.empty()) decoded.allowed.push_back(std::move(name));
  }
  return decoded;
}

std::optional<llm::ToolChoice> decode_choice(Fields& body) {
  const json::Value* given = body.any("tool_choice");
  if (given == nullptr) return std::nullopt;
  if (const json::String* word = given->if_string()) {
    const std::optional<Mode> mode = mode_of(*word);
    if (!mode) body.report("tool_choice", kChoices);
    return llm::ToolChoice{mode.value_or(Mode::automatic), {}, {}};
  }
  const json::Object* object = body.object("tool_choice");
  if (object == nullptr) return std::nullopt;
  Fields choice(*object, "tool_choice.", body.problems());
  const std::string type = choice.text("type");
  if (type == "allowed_tools") return decode_allowed(choice);
  if (const auto mode = mode_of(type)) return llm::ToolChoice{*mode, {}, {}};
  const json::Object* named = type.empty() ? nullptr : choice.object(type);
  const std::string name(named == nullptr ? std::string_view()
                                          : text_at(*json::find(*object, type), "name"));
  if (name.empty()) body.report("tool_choice", kChoices);
  return llm::ToolChoice{Mode::named, name, {}};
}

void decode_legacy(Fields& body, llm::Call& call) {
  for (Fields& function : body.objects("functions")) {
    call.tools.push_back(decode_function(function));
    call.speaks_functions = true;
    call.parallel_tool_calls = false;  // an answer has room for one
  }
  const json::Value* given = body.any("function_call");
  if (given == nullptr || call.tool_choice) return;
  if (const json::String* word = given->if_string()) {
    if (const auto mode = mode_of(*word)) call.tool_choice = llm::ToolChoice{*mode, {}, {}};
  } else if (const std::string_view name = text_at(*given, "name"); !name.empty()) {
    call.tool_choice = llm::ToolChoice{Mode::named, std::string(name), {}};
  }
}

}  // namespace

void decode_tools(Fields& body, llm::Call& call) {
  for (Fields& item : body.objects("tools")) call.tools.push_back(decode_tool(item));
  call.tool_choice = decode_choice(body);
  call.parallel_tool_calls = body.flag("parallel_tool_calls");
  decode_legacy(body, call);
}

}  // namespace gatehouse::dialects::openai_chat
