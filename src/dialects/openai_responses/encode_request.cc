#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"
#include "dialects/openai_chat/model_traits.h"
#include "dialects/openai_responses/encode_input.h"
#include "dialects/openai_responses/openai_responses.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects {
namespace openai_responses {
namespace {

using Mode = llm::ToolChoice::Mode;

// Budgets up to these are an effort of that name.
constexpr std::int64_t kLowBudget = 1024;
constexpr std::int64_t kMediumBudget = 8192;

void write_tool(JsonWriter& json, const llm::Tool& tool, EncodeLedger& ledger) {
  if (tool.kind == llm::Tool::Kind::provider) {
    if (tool.dialect == llm::DialectId::openai_responses) {
      json.raw(tool.raw);
    } else {
      ledger.refuse("tools", "it has no built-in tool '" + tool.name + "'");
    }
    return;
  }
  const bool is_custom = tool.kind == llm::Tool::Kind::custom;
  json.open().text("type", is_custom ? "custom" : "function").text("name", tool.name);
  json.text_if_any("description", tool.description);
  if (is_custom) {
    json.raw_if_any("format", tool.raw);
  } else {
    // Left out, `strict` would be true here, and false in every other protocol.
    json.raw("parameters", schema_of(tool)).flag("strict", tool.strict.value_or(false));
  }
  json.close();
}

void write_web_search(JsonWriter& json, const llm::WebSearch& search) {
  json.open().text("type", "web_search").text_if_any("search_context_size", search.context_size);
  if (!search.allowed_domains.empty()) {
    json.open("filters").open_list("allowed_domains");
    for (const std::string& domain : search.allowed_domains) json.text(domain);
    json.close_list().close();
  }
  if (!search.location.empty()) {
    json.open("user_location").text("type", "approximate");
    for (const llm::RawMember& member : search.location) json.raw(member.name, member.json);
    json.close();
  }
  json.close();
}

void write_choice(JsonWriter& json, const llm::ToolChoice& choice) {
  constexpr std::string_view kModes[] = {"auto", "none", "required"};
  if (choice.mode == Mode::named) {
    json.open("tool_choice").text("type", "function").text("name", choice.name).close();
  } else if (choice.allowed.empty()) {
    json.text("tool_choice", kModes[static_cast<std::size_t>(choice.mode)]);
  } else {
    json.open("tool_choice").text("type", "allowed_tools");
    json.text("mode", kModes[static_cast<std::size_t>(choice.mode)]).open_list("tools");
    for (const std::string& name : choice.allowed) {
      json.open().text("type", "function").text("name", name).close();
    }
    json.close_list().close();
  }
}

void write_tools(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger) {
  if (call.tools.empty() && !call.web_search) return;
  json.open_list("tools");
  for (const llm::Tool& tool : call.tools) write_tool(json, tool, ledger);
  if (call.web_search) write_web_search(json, *call.web_search);
  json.close_list();
  if (call.tool_choice) write_choice(json, *call.tool_choice);
  json.flag_if_any("parallel_tool_calls", call.parallel_tool_calls);
}

void write_text(JsonWriter& json, const llm::Call& call) {
  using Kind = llm::ResponseFormat::Kind;
  const llm::ResponseFormat& format = call.format;
  if (format.kind == Kind::text && call.verbosity.empty()) return;
  json.open("text");
  if (format.kind == Kind::json_object) {
    json.open("format").text("type", "json_object").close();
  } else if (format.kind == Kind::json_schema) {
    json.open("format").text("type", "json_schema");
    json.text("name", format.name.empty() ? "response" : format.name);
    json.text_if_any("description", format.description);
    json.raw("schema", format.schema.empty() ? "{}" : format.schema);
    json.flag_if_any("strict", format.strict).close();
  }
  json.text_if_any("verbosity", call.verbosity).close();
}

std::string_view effort_of(const llm::ReasoningWish& wish) {
  if (wish.effort == "max") return "xhigh";
  if (!wish.effort.empty()) return wish.effort;
  if (wish.mode == llm::ReasoningWish::Mode::disabled) return "none";
  if (!wish.budget) return wish.mode == llm::ReasoningWish::Mode::enabled ? "medium" : "";
  return *wish.budget <= kLowBudget ? "low" : *wish.budget <= kMediumBudget ? "medium" : "high";
}

/// Summaries are what can be shown of the thoughts, so they are asked for with any effort.
void write_reasoning(JsonWriter& json, const llm::ReasoningWish& wish) {
  if (!wish.is_said() && wish.summary.empty()) return;
  const std::string_view effort = effort_of(wish);
  json.open("reasoning").text_if_any("effort", effort);
  if (effort != "none") json.text("summary", wish.summary.empty() ? "auto" : wish.summary);
  json.close();
}

/// Nothing is stored, so thoughts have to travel; but a model without any refuses to send them.
void write_include(JsonWriter& json, const llm::Call& call, std::string_view model) {
  using openai_chat::Reasons;
  const Reasons reasons = openai_chat::traits_of(model).reasons;
  const bool has_thoughts =
      reasons == Reasons::yes || (reasons == Reasons::unknown && call.reasoning.is_said());
  const bool has_logprobs = call.logprobs.value_or(false);
  if (!has_thoughts && !has_logprobs) return;
  json.open_list("include");
  if (has_thoughts) json.text("reasoning.encrypted_content");
  if (has_logprobs) json.text("message.output_text.logprobs");
  json.close_list();
}

void write_rest(JsonWriter& json, const llm::Call& call, std::string_view model) {
  json.integer_if_any("max_output_tokens", call.max_tokens);
  json.number_if_any("temperature", call.sampling.temperature);
  json.number_if_any("top_p", call.sampling.top_p);
  if (call.logprobs.value_or(false)) json.integer_if_any("top_logprobs", call.top_logprobs);
  json.text_if_any("user", call.user).raw_if_any("metadata", call.metadata);
  json.text_if_any("service_tier", call.service_tier);
  json.text_if_any("prompt_cache_key", call.prompt_cache_key);
  json.text_if_any("safety_identifier", call.safety_identifier);
  json.flag("store", call.store.value_or(false));
  write_include(json, call, model);
  if (call.stream.is_wanted) json.flag("stream", true);
}

void account(const llm::Call& call, EncodeLedger& ledger) {
  account_for_foreign_blocks(call, llm::DialectId::openai_responses, ledger);
  refuse_several_answers(call, ledger);
  refuse_logit_bias(call, ledger);
  refuse_audio_answer(call, ledger);
  if (!call.stop.empty()) ledger.refuse("stop", "this protocol has no stop sequences");
  if (!call.prediction.empty()) ledger.drop("prediction");
  if (call.sampling.seed) ledger.drop("seed");
  if (call.sampling.top_k) ledger.drop("top_k");
  if (call.sampling.presence_penalty.value_or(0) != 0) ledger.drop("presence_penalty");
  if (call.sampling.frequency_penalty.value_or(0) != 0) ledger.drop("frequency_penalty");
}

}  // namespace
}  // namespace openai_responses

Result<EncodedRequest> OpenAiResponsesBackDoor::encode_request(const llm::Call& call,
                                                               const EncodeTarget& target) const {
  using namespace openai_responses;
  EncodeLedger ledger(call, target);
  account(call, ledger);
  EncodedRequest request;
  request.path = "/responses";
  JsonWriter json(request.body);
  json.open().text("model", target.model);
  write_input(json, call, ledger);
  write_tools(json, call, ledger);
  write_text(json, call);
  write_reasoning(json, call.reasoning);
  write_rest(json, call, target.model);
  json.close();
  ledger.drop_unknown();
  return ledger.close(std::move(request));
}

}  // namespace gatehouse::dialects
