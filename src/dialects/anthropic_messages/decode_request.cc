#include "dialects/anthropic_messages/anthropic_messages.h"
#include "dialects/anthropic_messages/decode_content.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects {
namespace anthropic_messages {
namespace {

void decode_web_search(Fields& item, llm::Call& call) {
  llm::WebSearch search;
  item.text("name");
  search.max_uses = item.integer("max_uses");
  search.allowed_domains = item.texts("allowed_domains");
  search.blocked_domains = item.texts("blocked_domains");
  if (const json::Object* location = item.object("user_location")) {
    Fields place(*location, {}, item.problems());
    place.text("type");
    search.location = place.rest();
  }
  call.web_search = std::move(search);
}

void decode_tool(Fields& item, llm::Call& call) {
  const std::string type = item.text("type");
  if (type.starts_with("web_search_")) return decode_web_search(item, call);
  llm::Tool tool;
  tool.dialect = llm::DialectId::anthropic_messages;
  tool.name = item.text("name");
  tool.cache = decode_cache_control(item);
  if (!type.empty() && type != "custom") {
    tool.kind = llm::Tool::Kind::provider;
    tool.raw = to_text(item.whole());
  } else {
    tool.description = item.text("description");
    tool.schema = item.raw_object("input_schema");
    tool.strict = item.flag("strict");
  }
  call.tools.push_back(std::move(tool));
}

void decode_tool_choice(Fields& body, llm::Call& call) {
  using Mode = llm::ToolChoice::Mode;
  const json::Object* object = body.object("tool_choice");
  if (object == nullptr) return;
  Fields choice(*object, "tool_choice.", body.problems());
  const std::string type = choice.text("type");
  llm::ToolChoice decoded;
  decoded.name = choice.text("name");
  if (type == "any") decoded.mode = Mode::required;
  if (type == "none") decoded.mode = Mode::none;
  if (type == "tool") decoded.mode = Mode::named;
  if (decoded.mode == Mode::automatic && type != "auto") {
    choice.report("type", "\"auto\", \"any\", \"tool\" or \"none\"");
  }
  call.tool_choice = std::move(decoded);
  if (choice.flag("disable_parallel_tool_use").value_or(false)) call.parallel_tool_calls = false;
}

void decode_thinking(Fields& body, llm::Call& call) {
  using Mode = llm::ReasoningWish::Mode;
  const json::Object* object = body.object("thinking");
  if (object == nullptr) return;
  Fields thinking(*object, "thinking.", body.problems());
  const std::string type = thinking.text("type");
  call.reasoning.budget = thinking.integer("budget_tokens");
  call.reasoning.mode = type == "disabled"   ? Mode::disabled
                        : type == "adaptive" ? Mode::adaptive
                                             : Mode::enabled;
}

void decode_output_config(Fields& body, llm::Call& call) {
  const json::Object* object = body.object("output_config");
  if (object == nullptr) return;
  Fields config(*object, "output_config.", body.problems());
  call.reasoning.effort = config.text("effort");
  const json::Object* described = config.object("format");
  if (described == nullptr) return;
  Fields format(*described, "output_config.format.", body.problems());
  if (format.text("type") != "json_schema") return format.report("type", "\"json_schema\"");
  call.format.kind = llm::ResponseFormat::Kind::json_schema;
  call.format.name = "response";
  call.format.schema = format.raw_object("schema");
  call.format.strict = true;
}

void decode_user(Fields& body, llm::Call& call) {
  const json::Object* object = body.object("metadata");
  if (object == nullptr) return;
  call.user = Fields(*object, "metadata.", body.problems()).text("user_id");
}

}  // namespace
}  // namespace anthropic_messages

Result<llm::Call> AnthropicFrontDoor::decode_request(std::string_view text) const {
  using namespace anthropic_messages;
  const Result<json::Value> parsed = parse_request(text);
  if (!parsed) return fail(parsed.error());
  Problems problems;
  Fields body(*parsed->if_object(), {}, problems);
  llm::Call call;
  call.dialect = llm::DialectId::anthropic_messages;
  call.model = body.text("model");
  call.messages = decode_conversation(body);
  call.max_tokens = body.integer("max_tokens");
  call.stop = body.texts("stop_sequences");
  call.stream = {body.flag("stream").value_or(false), true};
  call.sampling.temperature = body.number("temperature");
  call.sampling.top_p = body.number("top_p");
  call.sampling.top_k = body.integer("top_k");
  for (Fields& item : body.objects("tools")) decode_tool(item, call);
  decode_tool_choice(body, call);
  decode_thinking(body, call);
  decode_output_config(body, call);
  decode_user(body, call);
  if (body.flag("drop_params").value_or(false)) call.unsupported = llm::UnsupportedParams::drop;
  call.unknown = body.rest();
  if (problems.is_any()) return fail(problems.take());
  return call;
}

}  // namespace gatehouse::dialects
