#include <algorithm>
#include <array>

#include "dialects/cohere/cohere.h"
#include "dialects/cohere/encode_messages.h"
#include "dialects/json_reader.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects {
namespace cohere {
namespace {

using Mode = llm::ToolChoice::Mode;
using FormatKind = llm::ResponseFormat::Kind;

/// Cohere cannot be told to use a certain tool, but it can be given that one alone.
bool is_in_play(const llm::Tool& tool, const llm::Call& call) {
  return !call.tool_choice || call.tool_choice->mode != Mode::named ||
         call.tool_choice->name == tool.name;
}

void write_tools(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger) {
  if (call.tools.empty()) return;
  bool is_strict = false;
  json.open_list("tools");
  for (const llm::Tool* tool : tools_in_play(call)) {
    if (tool->kind == llm::Tool::Kind::provider) {
      ledger.refuse("tools", "it has no built-in tool '" + tool->name + "'");
      continue;
    }
    if (!is_in_play(*tool, call)) continue;
    is_strict = is_strict || tool->strict.value_or(false);
    json.open().text("type", "function").open("function").text("name", tool->name);
    json.text_if_any("description", tool->description).raw("parameters", schema_of(*tool));
    json.close().close();
  }
  json.close_list();
  if (is_strict) json.flag("strict_tools", true);
  if (!call.parallel_tool_calls.value_or(true)) ledger.drop("parallel_tool_calls");
  if (!call.tool_choice || call.tool_choice->mode == Mode::automatic) return;
  json.text("tool_choice", call.tool_choice->mode == Mode::none ? "NONE" : "REQUIRED");
}

void write_format(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger) {
  if (call.format.kind == FormatKind::text) return;
  if (!call.tools.empty()) {
    return ledger.refuse("response_format", "it answers in JSON only while it has no tools");
  }
  json.open("response_format").text("type", "json_object");
  if (call.format.kind == FormatKind::json_schema) json.raw_if_any("schema", call.format.schema);
  json.close();
}

void write_sampling(JsonWriter& json, const llm::Call& call) {
  const llm::Sampling& sampling = call.sampling;
  json.integer_if_any("max_tokens", call.max_tokens);
  if (sampling.temperature) json.number("temperature", std::clamp(*sampling.temperature, 0.0, 1.0));
  json.number_if_any("p", sampling.top_p);
  json.integer_if_any("k", sampling.top_k);
  json.integer_if_any("seed", sampling.seed);
  json.number_if_any("presence_penalty", sampling.presence_penalty);
  json.number_if_any("frequency_penalty", sampling.frequency_penalty);
  json.flag_if_any("logprobs", call.logprobs);
  if (call.stop.empty()) return;
  json.open_list("stop_sequences");
  for (const std::string& sequence : call.stop) json.text(sequence);
  json.close_list();
}

struct EffortBudget {
  std::string_view effort;
  std::int64_t tokens;
};
constexpr std::array kBudgets = {
    EffortBudget{"minimal", 1024}, EffortBudget{"low", 1024},    EffortBudget{"medium", 8192},
    EffortBudget{"high", 16384},   EffortBudget{"xhigh", 32768}, EffortBudget{"max", 32768},
};

/// Only the reasoning models know `thinking`: an effort is not worth an error with the others.
void write_thinking(JsonWriter& json, const llm::Call& call, std::string_view model,
                    EncodeLedger& ledger) {
  const llm::ReasoningWish& wish = call.reasoning;
  if (!wish.is_said()) return;
  const bool is_explicit = wish.mode != llm::ReasoningWish::Mode::unsaid;
  const bool is_off = wish.mode == llm::ReasoningWish::Mode::disabled || wish.effort == "none";
  if (!is_explicit && model.find("reasoning") == std::string_view::npos) {
    return is_off ? void() : ledger.drop("reasoning_effort");
  }
  json.open("thinking").text("type", is_off ? "disabled" : "enabled");
  const auto found = std::ranges::find(kBudgets, wish.effort, &EffortBudget::effort);
  if (wish.budget) {
    json.integer("token_budget", *wish.budget);
  } else if (!is_off && found != kBudgets.end()) {
    json.integer("token_budget", found->tokens);
  }
  json.close();
}

void account(const llm::Call& call, EncodeLedger& ledger) {
  account_for_foreign_blocks(call, llm::DialectId::cohere, ledger);
  refuse_several_answers(call, ledger);
  refuse_logit_bias(call, ledger);
  refuse_audio_answer(call, ledger);
  drop_openai_only(call, ledger);
  if (call.web_search) ledger.refuse("web_search_options", "it does not search the web");
  if (call.top_logprobs) ledger.drop("top_logprobs");
  if (!call.user.empty()) ledger.drop("user");
  if (!call.metadata.empty()) ledger.drop("metadata");
  if (!call.service_tier.empty()) ledger.drop("service_tier");
  if (!call.safety_identifier.empty()) ledger.drop("safety_identifier");
}

}  // namespace
}  // namespace cohere

Result<EncodedRequest> CohereBackDoor::encode_request(const llm::Call& call,
                                                      const EncodeTarget& target) const {
  using namespace cohere;
  EncodeLedger ledger(call, target);
  account(call, ledger);
  EncodedRequest request;
  request.path = "/v2/chat";
  JsonWriter json(request.body);
  json.open().text("model", target.model);
  write_messages(json, call, ledger);
  write_tools(json, call, ledger);
  write_format(json, call, ledger);
  write_sampling(json, call);
  write_thinking(json, call, target.model, ledger);
  for (const std::string_view own : {"documents", "citation_options", "safety_mode", "priority"}) {
    json.raw_if_any(own, ledger.extension(own));
  }
  if (call.stream.is_wanted) json.flag("stream", true);
  json.close();
  request.hints.custom_tools = custom_tool_names(call);
  ledger.drop_unknown();
  return ledger.close(std::move(request));
}

}  // namespace gatehouse::dialects
