#include "client/src/request_body.h"

#include "dialects/json_writer.h"
#include "dialects/openai_chat/openai_chat.h"
#include "json/value.h"
#include "llm/call.h"

namespace gatehouse::client {
namespace {

llm::Role role_of(Role role) { return static_cast<llm::Role>(role); }
static_assert(static_cast<int>(Role::tool) == static_cast<int>(llm::Role::tool));
static_assert(static_cast<int>(Role::developer) == static_cast<int>(llm::Role::developer));

llm::Message message_of(const ChatMessage& said) {
  llm::Message message{role_of(said.role), said.name, {}};
  if (said.role == Role::tool) {
    llm::ToolResult result{said.tool_call_id, said.name, {}, false};
    result.content.push_back({llm::Text{said.content, {}}, {}});
    message.blocks.push_back({std::move(result), {}});
    message.name.clear();
    return message;
  }
  const bool is_text_alone = said.tool_calls.empty() && said.image_urls.empty();
  if (!said.content.empty() || is_text_alone) {
    message.blocks.push_back({llm::Text{said.content, {}}, {}});
  }
  for (const std::string& url : said.image_urls) {
    llm::Media source{llm::Media::Kind::url, url, {}};
    message.blocks.push_back({llm::Image{std::move(source), {}}, {}});
  }
  for (const ToolCall& call : said.tool_calls) {
    llm::ToolCall block{call.id, call.name, call.arguments, {}, llm::ToolKind::function};
    message.blocks.push_back({std::move(block), {}});
  }
  return message;
}

std::vector<llm::Tool> tools_of(const std::vector<ToolSpec>& specs) {
  std::vector<llm::Tool> tools;
  for (const ToolSpec& spec : specs) {
    llm::Tool& tool = tools.emplace_back();
    tool.name = spec.name;
    tool.description = spec.description;
    tool.schema = spec.parameters;
    tool.strict = spec.strict;
  }
  return tools;
}

llm::ResponseFormat format_of(const ResponseFormat& wanted) {
  using Kind = llm::ResponseFormat::Kind;
  llm::ResponseFormat format;
  switch (wanted.kind) {
    case ResponseFormat::Kind::text: format.kind = Kind::text; break;
    case ResponseFormat::Kind::json_object: format.kind = Kind::json_object; break;
    case ResponseFormat::Kind::json_schema: format.kind = Kind::json_schema; break;
  }
  format.name = wanted.name;
  format.schema = wanted.schema;
  format.strict = wanted.strict;
  return format;
}

llm::ToolChoice choice_of(const ToolChoice& wanted) {
  using Mode = llm::ToolChoice::Mode;
  llm::ToolChoice choice;
  switch (wanted.mode) {
    case ToolChoice::Mode::automatic: choice.mode = Mode::automatic; break;
    case ToolChoice::Mode::none: choice.mode = Mode::none; break;
    case ToolChoice::Mode::required: choice.mode = Mode::required; break;
    case ToolChoice::Mode::named: choice.mode = Mode::named; break;
  }
  choice.name = wanted.name;
  return choice;
}

Outcome<json::Value> object_of(const std::string& text, std::string_view what) {
  Result<json::Value> value = json::parse(text);
  if (value && value->is_object()) return std::move(*value);
  return std::unexpected(configuration_failure(std::string(what) + " must be a JSON object."));
}

/// Schemas are spliced into the body, so text that is no JSON would break all of it.
Outcome<void> check_schemas(const ChatOptions& options) {
  const auto check = [](const std::string& schema, const std::string& what) -> Outcome<void> {
    if (schema.empty()) return {};
    const Outcome<json::Value> object = object_of(schema, what);
    if (!object) return std::unexpected(object.error());
    return {};
  };
  for (const auto* specs : {&options.tools, &options.functions}) {
    for (const ToolSpec& spec : *specs) {
      auto checked = check(spec.parameters, "The parameters of the tool '" + spec.name + "'");
      if (!checked) return checked;
    }
  }
  return check(options.response_format.schema, "The schema of the response format");
}

/// `functions` and `function_call`, for which the vocabulary of llm/ has no words.
void append_functions(const ChatOptions& options, std::vector<llm::RawMember>& members) {
  if (options.functions.empty()) return;
  std::string list;
  dialects::JsonWriter json(list);
  json.open_list();
  for (const ToolSpec& function : options.functions) {
    json.open().text("name", function.name).text_if_any("description", function.description);
    json.raw("parameters", function.parameters.empty() ? R"({"type":"object","properties":{}})"
                                                       : function.parameters);
    json.close();
  }
  json.close_list();
  members.push_back({"functions", std::move(list)});
  const std::string& wish = options.function_call;
  if (wish.empty()) return;
  std::string choice;
  dialects::JsonWriter word(choice);
  if (wish == "auto" || wish == "none") {
    word.text(wish);
  } else {
    word.open().text("name", wish).close();
  }
  members.push_back({"function_call", std::move(choice)});
}

/// The body with the members of both extra_body; a call's own win.
Outcome<std::string> with_extras(std::string body, const OpenAIGPTConfig& config,
                                 const ChatOptions& options) {
  for (const std::string* extra : {&config.extra_body, &options.extra_body}) {
    if (extra->empty()) continue;
    const Outcome<json::Value> members = object_of(*extra, "extra_body");
    if (!members) return std::unexpected(members.error());
    Result<json::Value> whole = json::parse(body);
    for (const auto& each : members->get_object()) {
      whole->get_object().insert_or_assign(each.key(), each.value());
    }
    body = json::serialize(*whole);
  }
  return body;
}

}  // namespace

Outcome<std::string> chat_body(const OpenAIGPTConfig& config, std::string_view model,
                               const Prompt& prompt, const ChatOptions& options,
                               Delivery delivery) {
  if (Outcome<void> checked = check_schemas(options); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  llm::Call call;
  for (const ChatMessage& said : prompt.messages()) call.messages.push_back(message_of(said));
  call.tools = tools_of(options.tools);
  if (options.tool_choice) call.tool_choice = choice_of(*options.tool_choice);
  if (!call.tools.empty()) call.parallel_tool_calls = config.parallel_tool_calls;
  call.format = format_of(options.response_format);
  call.reasoning.effort = config.reasoning_effort;
  call.sampling.temperature = options.temperature ? options.temperature : config.temperature;
  call.sampling.seed = config.seed;
  call.max_tokens =
      options.max_output_tokens ? options.max_output_tokens : config.max_output_tokens;
  call.stop = options.stop;
  call.stream.is_wanted = delivery == Delivery::stream;
  append_functions(options, call.unknown);
  const dialects::OpenAiChatBackDoor door;
  Result<dialects::EncodedRequest> request = door.encode_request(call, {"the gateway", model});
  if (request) return with_extras(std::move(request->body), config, options);
  Failure failure;
  failure.kind = ErrorKind::request;
  failure.text = std::move(request.error()->message);
  return std::unexpected(std::move(failure));
}

Outcome<std::string> embeddings_body(const OpenAIGPTConfig& config, std::string_view model,
                                     const std::vector<std::string>& texts,
                                     const ChatOptions& options) {
  std::string body;
  dialects::JsonWriter json(body);
  json.open().text("model", model).open_list("input");
  for (const std::string& text : texts) json.text(text);
  json.close_list().text("encoding_format", "float");
  json.close();
  return with_extras(std::move(body), config, options);
}

}  // namespace gatehouse::client
