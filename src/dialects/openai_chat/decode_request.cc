#include "dialects/openai_chat/decode.h"
#include "dialects/openai_chat/openai_chat.h"

namespace gatehouse::dialects {
namespace openai_chat {
namespace {

void decode_sampling(Fields& body, llm::Call& call) {
  llm::Sampling& sampling = call.sampling;
  sampling.temperature = body.number("temperature");
  sampling.top_p = body.number("top_p");
  sampling.top_k = body.integer("top_k");
  sampling.presence_penalty = body.number("presence_penalty");
  sampling.frequency_penalty = body.number("frequency_penalty");
  sampling.seed = body.integer("seed");
  sampling.logit_bias = body.raw_object("logit_bias");
  call.logprobs = body.flag("logprobs");
  call.top_logprobs = body.integer("top_logprobs");
  call.n = body.integer("n");
  call.stop = body.texts("stop");
  const auto max_tokens = body.integer("max_tokens");
  call.max_tokens = body.integer("max_completion_tokens");
  if (!call.max_tokens) call.max_tokens = max_tokens;
}

void decode_format(Fields& body, llm::Call& call) {
  using Kind = llm::ResponseFormat::Kind;
  const json::Object* object = body.object("response_format");
  if (object == nullptr) return;
  Fields format(*object, "response_format.", body.problems());
  const std::string type = format.text("type");
  if (type == "json_object") call.format.kind = Kind::json_object;
  if (type == "json_schema") call.format.kind = Kind::json_schema;
  if (type != "text" && call.format.kind == Kind::text) {
    format.report("type", "\"text\", \"json_object\" or \"json_schema\"");
  }
  if (call.format.kind != Kind::json_schema) return;
  const json::Object* described = format.object("json_schema");
  if (described == nullptr)
    return format.report("json_schema", "an object with 'name' and 'schema'");
  Fields schema(*described, "response_format.json_schema.", body.problems());
  call.format.name = schema.text("name");
  call.format.description = schema.text("description");
  call.format.schema = schema.raw_object("schema");
  call.format.strict = schema.flag("strict");
}

/// `reasoning_effort`, Anthropic's `thinking`, and OpenRouter's `reasoning`.
void decode_reasoning(Fields& body, llm::Call& call) {
  using Mode = llm::ReasoningWish::Mode;
  llm::ReasoningWish& wish = call.reasoning;
  wish.effort = body.text("reasoning_effort");
  if (const json::Object* object = body.object("thinking")) {
    Fields thinking(*object, "thinking.", body.problems());
    const std::string type = thinking.text("type");
    wish.budget = thinking.integer("budget_tokens");
    wish.mode = type == "disabled"   ? Mode::disabled
                : type == "adaptive" ? Mode::adaptive
                                     : Mode::enabled;
  }
  if (const json::Object* object = body.object("reasoning")) {
    Fields reasoning(*object, "reasoning.", body.problems());
    if (std::string effort = reasoning.text("effort"); wish.effort.empty())
      wish.effort = std::move(effort);
    if (const auto budget = reasoning.integer("max_tokens"); !wish.budget) wish.budget = budget;
    wish.summary = reasoning.text("summary");
    if (!reasoning.flag("enabled").value_or(true)) wish.mode = Mode::disabled;
  }
}

void decode_web_search(Fields& body, llm::Call& call) {
  const json::Object* object = body.object("web_search_options");
  if (object == nullptr) return;
  Fields options(*object, "web_search_options.", body.problems());
  llm::WebSearch search;
  search.context_size = options.text("search_context_size");
  if (const json::Object* location = options.object("user_location")) {
    // OpenAI wraps the place as {"type":"approximate","approximate":{…}}; others write it flat.
    const json::Value* wrapped = json::find(*location, "approximate");
    const bool is_wrapped = wrapped != nullptr && wrapped->is_object();
    Fields place(is_wrapped ? *wrapped->if_object() : *location, {}, body.problems());
    place.text("type");
    search.location = place.rest();
  }
  call.web_search = std::move(search);
}

void decode_stream_wish(Fields& body, llm::Call& call) {
  call.stream.is_wanted = body.flag("stream").value_or(false);
  const json::Object* object = body.object("stream_options");
  if (object == nullptr) return;
  Fields options(*object, "stream_options.", body.problems());
  call.stream.includes_usage = options.flag("include_usage").value_or(false);
}

void decode_rest(Fields& body, llm::Call& call) {
  call.user = body.text("user");
  call.metadata = body.raw_object("metadata");
  call.service_tier = body.text("service_tier");
  call.verbosity = body.text("verbosity");
  call.prompt_cache_key = body.text("prompt_cache_key");
  call.safety_identifier = body.text("safety_identifier");
  call.store = body.flag("store");
  call.modalities = body.texts("modalities");
  call.audio = body.raw_object("audio");
  call.prediction = body.raw_object("prediction");
  if (body.flag("drop_params").value_or(false)) call.unsupported = llm::UnsupportedParams::drop;
  call.unknown = body.rest();
}

}  // namespace
}  // namespace openai_chat

Result<llm::Call> OpenAiChatFrontDoor::decode_request(std::string_view text) const {
  const Result<json::Value> parsed = parse_request(text);
  if (!parsed) return fail(parsed.error());
  Problems problems;
  Fields body(*parsed->if_object(), {}, problems);
  llm::Call call;
  call.dialect = llm::DialectId::openai_chat;
  call.model = body.text("model");
  call.messages = openai_chat::decode_messages(body);
  openai_chat::decode_tools(body, call);
  openai_chat::decode_sampling(body, call);
  openai_chat::decode_format(body, call);
  openai_chat::decode_reasoning(body, call);
  openai_chat::decode_web_search(body, call);
  openai_chat::decode_stream_wish(body, call);
  openai_chat::decode_rest(body, call);
  if (problems.is_any()) return fail(problems.take());
  return call;
}

}  // namespace gatehouse::dialects
