#include "dialects/json_writer.h"
#include "dialects/openai_responses/decode.h"

namespace gatehouse::dialects::openai_responses {
namespace {

using Mode = llm::ToolChoice::Mode;

void decode_web_search(Fields& item, llm::Call& call) {
  llm::WebSearch search;
  search.context_size = item.text("search_context_size");
  if (const json::Object* location = item.object("user_location")) {
    Fields place(*location, {}, item.problems());
    place.text("type");
    search.location = place.rest();
  }
  if (const json::Object* filters = item.object("filters")) {
    Fields fields(*filters, item.path_of("filters."), item.problems());
    search.allowed_domains = fields.texts("allowed_domains");
  }
  call.web_search = std::move(search);
}

void decode_tool(Fields& item, llm::Call& call) {
  const std::string type = item.text("type");
  if (type.starts_with("web_search")) return decode_web_search(item, call);
  llm::Tool tool;
  tool.dialect = llm::DialectId::openai_responses;
  tool.name = item.text("name");
  if (type == "function") {
    if (tool.name.empty()) item.report("name", "the name of the function");
    tool.description = item.text("description");
    tool.schema = item.raw_object("parameters");
    tool.strict = item.flag("strict");
  } else if (type == "custom") {
    tool.kind = llm::Tool::Kind::custom;
    tool.description = item.text("description");
    tool.raw = item.raw("format");
  } else {
    if (type.empty()) item.report("type", "the kind of the tool, such as \"function\"");
    tool.kind = llm::Tool::Kind::provider;
    tool.raw = to_text(item.whole());
    if (tool.name.empty()) tool.name = type;
  }
  call.tools.push_back(std::move(tool));
}

std::optional<Mode> mode_of(std::string_view word) {
  if (word == "auto") return Mode::automatic;
  if (word == "none") return Mode::none;
  if (word == "required" || word == "any") return Mode::required;
  return std::nullopt;
}

void decode_choice(Fields& body, llm::Call& call) {
  constexpr std::string_view kChoices =
      "\"none\", \"auto\", \"required\" or {\"type\":\"function\",\"name\":…}";
  const json::Value* given = body.any("tool_choice");
  if (given == nullptr) return;
  if (const json::String* word = given->if_string()) {
    const auto mode = mode_of(*word);
    if (!mode) return body.report("tool_choice", kChoices);
    call.tool_choice = llm::ToolChoice{*mode, {}, {}};
    return;
  }
  const json::Object* object = body.object("tool_choice");
  if (object == nullptr) return;
  Fields choice(*object, "tool_choice.", body.problems());
  const std::string type = choice.text("type");
  llm::ToolChoice decoded;
  decoded.name = choice.text("name");
  if (type == "allowed_tools") {
    decoded.mode = mode_of(choice.text("mode")).value_or(Mode::automatic);
    for (Fields& tool : choice.objects("tools")) {
      if (std::string name = tool.text("name"); !name.empty())
        decoded.allowed.push_back(std::move(name));
    }
  } else if (const auto mode = mode_of(type)) {
    decoded.mode = *mode;
  } else if (!decoded.name.empty()) {
    decoded.mode = Mode::named;
  } else if (type.starts_with("web_search")) {
    decoded.mode = Mode::required;
  } else {
    return body.report("tool_choice", kChoices);
  }
  call.tool_choice = std::move(decoded);
}

}  // namespace

void decode_tools(Fields& body, llm::Call& call) {
  for (Fields& item : body.objects("tools")) decode_tool(item, call);
  decode_choice(body, call);
  call.parallel_tool_calls = body.flag("parallel_tool_calls");
}

}  // namespace gatehouse::dialects::openai_responses
