#include "dialects/openai_responses/decode.h"
#include "dialects/openai_responses/openai_responses.h"

namespace gatehouse::dialects {
namespace openai_responses {
namespace {

void decode_text(Fields& body, llm::Call& call) {
  using Kind = llm::ResponseFormat::Kind;
  const json::Object* object = body.object("text");
  if (object == nullptr) return;
  Fields text(*object, "text.", body.problems());
  call.verbosity = text.text("verbosity");
  const json::Object* described = text.object("format");
  if (described == nullptr) return;
  Fields format(*described, "text.format.", body.problems());
  const std::string type = format.text("type");
  if (type == "json_object") call.format.kind = Kind::json_object;
  if (type == "json_schema") call.format.kind = Kind::json_schema;
  if (type != "text" && call.format.kind == Kind::text) {
    format.report("type", "\"text\", \"json_object\" or \"json_schema\"");
  }
  if (call.format.kind != Kind::json_schema) return;
  call.format.name = format.text("name");
  call.format.description = format.text("description");
  call.format.schema = format.raw_object("schema");
  call.format.strict = format.flag("strict");
}

void decode_reasoning(Fields& body, llm::Call& call) {
  const json::Object* object = body.object("reasoning");
  if (object == nullptr) return;
  Fields reasoning(*object, "reasoning.", body.problems());
  call.reasoning.effort = reasoning.text("effort");
  call.reasoning.summary = reasoning.text("summary");
  if (call.reasoning.summary.empty()) call.reasoning.summary = reasoning.text("generate_summary");
}

/// What only the provider's own server could do.
void refuse_unservable(Fields& body) {
  if (body.flag("background").value_or(false)) {
    body.report("background", "false: an answer is given while the client waits");
  }
  for (const std::string_view key : {"conversation", "prompt"}) {
    if (body.any(key) != nullptr) {
      body.report(key, "left out: it is stored at OpenAI, and this provider cannot see it");
    }
  }
}

void decode_rest(Fields& body, llm::Call& call) {
  call.max_tokens = body.integer("max_output_tokens");
  call.sampling.temperature = body.number("temperature");
  call.sampling.top_p = body.number("top_p");
  call.sampling.top_k = body.integer("top_k");
  call.top_logprobs = body.integer("top_logprobs");
  if (call.top_logprobs.value_or(0) > 0) call.logprobs = true;
  call.stream = {body.flag("stream").value_or(false), true};
  call.user = body.text("user");
  call.metadata = body.raw_object("metadata");
  call.service_tier = body.text("service_tier");
  call.prompt_cache_key = body.text("prompt_cache_key");
  call.safety_identifier = body.text("safety_identifier");
  call.store = body.flag("store");
  call.previous_response_id = body.text("previous_response_id");
  call.instructions = body.text("instructions");
  call.include = body.texts("include");
  if (body.flag("drop_params").value_or(false)) call.unsupported = llm::UnsupportedParams::drop;
  body.any("stream_options");
  call.unknown = body.rest();
}

}  // namespace
}  // namespace openai_responses

Result<llm::Call> OpenAiResponsesFrontDoor::decode_request(std::string_view text) const {
  using namespace openai_responses;
  const Result<json::Value> parsed = parse_request(text);
  if (!parsed) return fail(parsed.error());
  Problems problems;
  Fields body(*parsed->if_object(), {}, problems);
  llm::Call call;
  call.dialect = llm::DialectId::openai_responses;
  call.model = body.text("model");
  call.messages = decode_input(body);
  decode_tools(body, call);
  decode_text(body, call);
  decode_reasoning(body, call);
  refuse_unservable(body);
  decode_rest(body, call);
  if (problems.is_any()) return fail(problems.take());
  return call;
}

}  // namespace gatehouse::dialects
