#include <algorithm>

#include "dialects/encode_ledger.h"
#include "dialects/json_reader.h"
#include "dialects/openai_chat/encode_messages.h"
#include "dialects/openai_chat/model_traits.h"
#include "dialects/openai_chat/openai_chat.h"
#include "dialects/tools_in_play.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects {
namespace openai_chat {
namespace {

using Mode = llm::ToolChoice::Mode;

constexpr std::size_t kMaxUserBytes = 64;
// Budgets up to these are an effort of that name.
constexpr std::int64_t kLowBudget = 1024;
constexpr std::int64_t kMediumBudget = 8192;

/// Only OpenAI's own models know custom tools; for others they are functions with one text.
bool knows_custom_tools(std::string_view model) {
  return traits_of(model).reasons != Reasons::unknown;
}

void write_tool(JsonWriter& json, const llm::Tool& tool, std::string_view model,
                EncodeLedger& ledger) {
  if (tool.kind == llm::Tool::Kind::provider) {
    if (tool.dialect == llm::DialectId::openai_chat) {
      json.raw(tool.raw);
    } else {
      ledger.refuse("tools", "it has no built-in tool '" + tool.name + "'");
    }
    return;
  }
  const bool is_wrapped = tool.kind == llm::Tool::Kind::custom && !knows_custom_tools(model);
  const bool is_custom = tool.kind == llm::Tool::Kind::custom && !is_wrapped;
  const std::string_view kind = is_custom ? "custom" : "function";
  json.open().text("type", kind).open(kind).text("name", tool.name);
  json.text_if_any("description", tool.description);
  json.raw_if_any("parameters", is_wrapped ? schema_of(tool) : tool.schema);
  json.flag_if_any("strict", tool.strict);
  if (is_custom) json.raw_if_any("format", tool.raw);
  json.close().close();
}

void write_tool_choice(JsonWriter& json, const llm::ToolChoice& choice) {
  constexpr std::string_view kModes[] = {"auto", "none", "required"};
  if (choice.mode == Mode::named) {
    json.open("tool_choice").text("type", "function").open("function").text("name", choice.name);
    json.close().close();
  } else if (choice.allowed.empty()) {
    json.text("tool_choice", kModes[static_cast<std::size_t>(choice.mode)]);
  } else {
    json.open("tool_choice").text("type", "allowed_tools").open("allowed_tools");
    json.text("mode", kModes[static_cast<std::size_t>(choice.mode)]).open_list("tools");
    for (const std::string& name : choice.allowed) {
      json.open().text("type", "function").open("function").text("name", name).close().close();
    }
    json.close_list().close().close();
  }
}

void write_tools(JsonWriter& json, const llm::Call& call, std::string_view model,
                 EncodeLedger& ledger) {
  if (call.tools.empty()) return;
  json.open_list("tools");
  for (const llm::Tool& tool : call.tools) write_tool(json, tool, model, ledger);
  json.close_list();
  if (call.tool_choice) write_tool_choice(json, *call.tool_choice);
  json.flag_if_any("parallel_tool_calls", call.parallel_tool_calls);
}

void write_format(JsonWriter& json, const llm::ResponseFormat& format) {
  using Kind = llm::ResponseFormat::Kind;
  if (format.kind == Kind::text) return;
  json.open("response_format");
  if (format.kind == Kind::json_object) {
    json.text("type", "json_object").close();
    return;
  }
  json.text("type", "json_schema").open("json_schema");
  json.text("name", format.name.empty() ? "response" : format.name);
  json.text_if_any("description", format.description);
  json.raw("schema", format.schema.empty() ? "{}" : format.schema);
  json.flag_if_any("strict", format.strict).close().close();
}

std::string_view effort_of(const llm::ReasoningWish& wish) {
  if (wish.effort == "max") return "xhigh";
  if (!wish.effort.empty()) return wish.effort;
  if (!wish.budget) return wish.mode == llm::ReasoningWish::Mode::enabled ? "medium" : "";
  return *wish.budget <= kLowBudget ? "low" : *wish.budget <= kMediumBudget ? "medium" : "high";
}

/// An effort that the client named itself is passed on whatever the model; one that we made from
/// another protocol's thinking is not sent to a model that would refuse it.
void write_reasoning(JsonWriter& json, const llm::Call& call, std::string_view model,
                     EncodeLedger& ledger) {
  const llm::ReasoningWish& wish = call.reasoning;
  if (!wish.is_said()) return;
  const ModelTraits& traits = traits_of(model);
  if (wish.mode == llm::ReasoningWish::Mode::disabled) {
    if (traits.reasons == Reasons::yes) json.text_if_any("reasoning_effort", traits.least_effort);
    return;
  }
  const std::string_view effort = effort_of(wish);
  const bool is_own_word =
      !wish.effort.empty() && call.dialect != llm::DialectId::anthropic_messages;
  if (traits.reasons == Reasons::no && !is_own_word) return ledger.drop("thinking");
  json.text_if_any("reasoning_effort", effort);
}

void write_sampling(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger) {
  const llm::Sampling& sampling = call.sampling;
  json.integer_if_any("max_completion_tokens", call.max_tokens);
  json.number_if_any("temperature", sampling.temperature);
  json.number_if_any("top_p", sampling.top_p);
  if (sampling.top_k) ledger.drop("top_k");
  json.number_if_any("presence_penalty", sampling.presence_penalty);
  json.number_if_any("frequency_penalty", sampling.frequency_penalty);
  json.integer_if_any("seed", sampling.seed);
  json.raw_if_any("logit_bias", sampling.logit_bias);
  json.flag_if_any("logprobs", call.logprobs);
  json.integer_if_any("top_logprobs", call.top_logprobs);
  json.integer_if_any("n", call.n);
  if (call.stop.empty()) return;
  json.open_list("stop");
  for (const std::string& sequence : call.stop) json.text(sequence);
  json.close_list();
}

/// OpenAI searches the web in this protocol with its search models alone, and refuses to with
/// others.
void write_web_search(JsonWriter& json, const llm::WebSearch& search, std::string_view model,
                      EncodeLedger& ledger) {
  const bool is_openai_model = traits_of(model).reasons != Reasons::unknown;
  if (is_openai_model && model.find("search") == std::string_view::npos) {
    return ledger.drop("web_search");
  }
  json.open("web_search_options").text_if_any("search_context_size", search.context_size);
  if (!search.location.empty()) {
    json.open("user_location").text("type", "approximate").open("approximate");
    for (const llm::RawMember& member : search.location) json.raw(member.name, member.json);
    json.close().close();
  }
  json.close();
}

void write_rest(JsonWriter& json, const llm::Call& call) {
  json.text_if_any("user", start_of(call.user, kMaxUserBytes));
  json.raw_if_any("metadata", call.metadata).text_if_any("service_tier", call.service_tier);
  json.text_if_any("verbosity", call.verbosity);
  json.text_if_any("prompt_cache_key", call.prompt_cache_key);
  json.text_if_any("safety_identifier", call.safety_identifier);
  json.flag_if_any("store", call.store);
  if (!call.modalities.empty()) {
    json.open_list("modalities");
    for (const std::string& modality : call.modalities) json.text(modality);
    json.close_list();
  }
  json.raw_if_any("audio", call.audio).raw_if_any("prediction", call.prediction);
  if (call.stream
          .is_wanted) {  // the usage is asked for even if the client did not: it is billed by it
    json.flag("stream", true).open("stream_options").flag("include_usage", true).close();
  }
}

}  // namespace
}  // namespace openai_chat

Result<EncodedRequest> OpenAiChatBackDoor::encode_request(const llm::Call& call,
                                                          const EncodeTarget& target) const {
  EncodeLedger ledger(call, target);
  EncodedRequest request;
  request.path = "/chat/completions";
  JsonWriter json(request.body);
  json.open().text("model", target.model);
  if (!openai_chat::knows_custom_tools(target.model))
    request.hints.custom_tools = custom_tool_names(call);
  openai_chat::write_messages(json, call, {target.echo, request.hints.custom_tools.empty()},
                              ledger);
  openai_chat::write_tools(json, call, target.model, ledger);
  openai_chat::write_format(json, call.format);
  openai_chat::write_reasoning(json, call, target.model, ledger);
  openai_chat::write_sampling(json, call, ledger);
  if (call.web_search) {
    openai_chat::write_web_search(json, *call.web_search, target.model, ledger);
  }
  openai_chat::write_rest(json, call);
  if (call.dialect == llm::DialectId::openai_chat) {
    for (const llm::RawMember& member : call.unknown) json.raw(member.name, member.json);
  } else {
    ledger.drop_unknown();
  }
  json.close();
  return ledger.close(std::move(request));
}

}  // namespace gatehouse::dialects
