#include <algorithm>
#include <array>

#include "base/percent.h"
#include "base/text.h"
#include "dialects/bedrock_converse/bedrock_converse.h"
#include "dialects/bedrock_converse/encode_content.h"
#include "dialects/bedrock_converse/encode_tools.h"
#include "dialects/json_reader.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects {
namespace bedrock_converse {
namespace {

using ThinkingKind = anthropic_messages::ThinkingPlan::Kind;

// -- inferenceConfig
// -------------------------------------------------------------------------------

void write_inference_config(JsonWriter& json, const Plan& plan) {
  const llm::Sampling& sampling = plan.call.sampling;
  const bool is_thinking = plan.is_claude() && plan.thinking.is_on();
  std::string config;
  JsonWriter members(config);
  members.open();
  if (plan.thinking.kind == ThinkingKind::budget) {
    members.integer("maxTokens", plan.thinking.max_tokens);
  } else {
    members.integer_if_any("maxTokens", plan.call.max_tokens);
  }
  const bool takes_top_p = !is_thinking && !(plan.is_claude() && sampling.temperature);
  if (is_thinking) {
    if (sampling.temperature && *sampling.temperature != 1) plan.ledger.drop("temperature");
  } else if (sampling.temperature) {
    members.number("temperature", std::clamp(*sampling.temperature, 0.0, 1.0));
  }
  if (takes_top_p) members.number_if_any("topP", sampling.top_p);
  if (!takes_top_p && sampling.top_p) plan.ledger.drop("top_p");
  if (!plan.call.stop.empty()) {
    members.open_list("stopSequences");
    for (const std::string& sequence : plan.call.stop) members.text(sequence);
    members.close_list();
  }
  members.close();
  if (config != "{}") json.raw("inferenceConfig", config);
}

// -- additionalModelRequestFields
// ------------------------------------------------------------------

void add_top_k(Plan& plan) {
  const auto top_k = plan.call.sampling.top_k;
  if (!top_k) return;
  const bool is_thinking = plan.is_claude() && plan.thinking.is_on();
  if (plan.family == Family::amazon) {
    plan.model_fields["inferenceConfig"] = json::Object{{"topK", *top_k}};
  } else if (plan.family == Family::cohere) {
    plan.model_fields["k"] = *top_k;
  } else if ((plan.is_claude() && !is_thinking) || plan.family == Family::mistral) {
    plan.model_fields["top_k"] = *top_k;
  } else {
    plan.ledger.drop("top_k");
  }
}

void add_penalty(Plan& plan, std::string_view name, std::string_view scaled_name,
                 std::optional<double> penalty) {
  if (penalty.value_or(0) == 0) return;
  if (plan.family == Family::cohere) {
    plan.model_fields[name] = *penalty;
  } else if (plan.family == Family::ai21) {
    plan.model_fields[scaled_name] = json::Object{{"scale", *penalty}};
  } else {
    plan.ledger.drop(name);
  }
}

void add_logit_bias(Plan& plan) {
  Result<json::Value> bias = json::parse(plan.call.sampling.logit_bias);
  if (plan.family == Family::cohere && bias) {
    plan.model_fields["logitBias"] = std::move(*bias);
  } else {
    refuse_logit_bias(plan.call, plan.ledger);
  }
}

void add_claude_thinking(Plan& plan) {
  if (plan.thinking.kind != ThinkingKind::unsaid) {
    std::string text;
    JsonWriter json(text);
    json.open();
    anthropic_messages::write_thinking(json, plan.thinking);
    json.close();
    Result<json::Value> thinking = json::parse(text);
    if (thinking) plan.model_fields["thinking"] = *json::find(*thinking, "thinking");
  }
  if (!plan.thinking.effort.empty()) {
    plan.model_fields["output_config"] = json::Object{{"effort", plan.thinking.effort}};
  }
}

std::string_view effort_word(std::string_view effort) {
  if (effort == "minimal") return "low";
  return effort == "xhigh" || effort == "max" ? "high" : effort.empty() ? "medium" : effort;
}

/// What other makers' models take: Nova 2 and gpt-oss an effort, the others nothing.
void add_reasoning(Plan& plan, std::string_view model) {
  const llm::ReasoningWish& wish = plan.call.reasoning;
  if (!wish.is_said()) return;
  const bool is_off = wish.mode == llm::ReasoningWish::Mode::disabled || wish.effort == "none";
  if (plan.family == Family::amazon && model.find("nova-2") != std::string_view::npos) {
    json::Object config{{"type", is_off ? "disabled" : "enabled"}};
    if (!is_off) config["maxReasoningEffort"] = effort_word(wish.effort);
    plan.model_fields["reasoningConfig"] = std::move(config);
  } else if (plan.family == Family::openai && !is_off) {
    plan.model_fields["reasoning_effort"] = effort_word(wish.effort);
  } else if (!is_off) {
    plan.ledger.drop(wish.mode == llm::ReasoningWish::Mode::unsaid ? "reasoning_effort"
                                                                   : "thinking");
  }
}

void add_claude_fields(Plan& plan) {
  const std::string& user = plan.call.user.empty() ? plan.call.safety_identifier : plan.call.user;
  if (!user.empty()) plan.model_fields["metadata"] = json::Object{{"user_id", user}};
  Result<json::Value> betas = json::parse(plan.ledger.extension("anthropic_beta"));
  if (betas && betas->is_string()) {
    json::Array list;
    for (const std::string_view beta : split_list(*betas->if_string())) list.emplace_back(beta);
    plan.model_fields["anthropic_beta"] = std::move(list);
  } else if (betas && betas->is_array()) {
    plan.model_fields["anthropic_beta"] = std::move(*betas);
  }
  Result<json::Value> version = json::parse(plan.ledger.extension("anthropic_version"));
  if (version) plan.model_fields["anthropic_version"] = std::move(*version);
}

/// What the client puts there itself wins over what we made of its other parameters.
void add_given_fields(Plan& plan) {
  for (const std::string_view name :
       {"additional_model_request_fields", "additionalModelRequestFields"}) {
    Result<json::Value> given = json::parse(plan.ledger.extension(name));
    if (!given || !given->is_object()) continue;
    for (auto& member : *given->if_object()) {
      plan.model_fields[member.key()] = std::move(member.value());
    }
  }
}

void add_model_fields(Plan& plan, std::string_view model) {
  add_top_k(plan);
  add_penalty(plan, "presence_penalty", "presencePenalty", plan.call.sampling.presence_penalty);
  add_penalty(plan, "frequency_penalty", "frequencyPenalty", plan.call.sampling.frequency_penalty);
  add_logit_bias(plan);
  if (plan.is_claude()) {
    add_claude_thinking(plan);
    add_claude_fields(plan);
  } else {
    add_reasoning(plan, model);
    if (!plan.call.user.empty()) plan.ledger.drop("user");
  }
  add_given_fields(plan);
}

// -- everything else
// -------------------------------------------------------------------------------

/// A map from text to text; other values become text.
void write_metadata(JsonWriter& json, const llm::Call& call) {
  const Result<json::Value> metadata = json::parse(call.metadata);
  if (!metadata || !metadata->is_object() || metadata->if_object()->empty()) return;
  json.open("requestMetadata");
  for (const auto& member : *metadata->if_object()) {
    const json::String* text = member.value().if_string();
    json.text(member.key(), text != nullptr ? std::string(*text) : to_text(member.value()));
  }
  json.close();
}

void write_service_tier(JsonWriter& json, const Plan& plan) {
  const std::string_view tier = plan.call.service_tier;
  constexpr std::array<std::string_view, 4> kTiers = {"default", "priority", "flex", "reserved"};
  if (std::ranges::find(kTiers, tier) != kTiers.end()) {
    json.open("serviceTier").text("type", tier).close();
  } else if (!tier.empty() && tier != "auto") {
    plan.ledger.drop("service_tier");
  }
}

void write_extensions(JsonWriter& json, EncodeLedger& ledger) {
  const auto pass = [&](std::string_view snake, std::string_view camel) {
    const std::string_view given = ledger.extension(snake);
    const std::string_view own = ledger.extension(camel);
    json.raw_if_any(camel, own.empty() ? given : own);
  };
  pass("guardrail_config", "guardrailConfig");
  pass("performance_config", "performanceConfig");
  pass("additional_model_response_field_paths", "additionalModelResponseFieldPaths");
}

void account(const llm::Call& call, EncodeLedger& ledger) {
  account_for_foreign_blocks(call, llm::DialectId::bedrock_converse, ledger);
  refuse_several_answers(call, ledger);
  refuse_logprobs(call, ledger);
  refuse_audio_answer(call, ledger);
  drop_openai_only(call, ledger);
  if (call.sampling.seed) ledger.drop("seed");
  if (call.web_search) ledger.refuse("web_search_options", "it does not search the web");
}

}  // namespace
}  // namespace bedrock_converse

Result<EncodedRequest> BedrockConverseBackDoor::encode_request(const llm::Call& call,
                                                               const EncodeTarget& target) const {
  using namespace bedrock_converse;
  EncodeLedger ledger(call, target);
  account(call, ledger);
  const std::vector<Turn> turns = turns_of(call);
  Plan plan{call, family_of(target.model), anthropic_messages::traits_of(target.model), {}, ledger,
            {}};
  if (plan.is_claude()) {
    plan.thinking = anthropic_messages::plan_thinking(call, plan.traits, turns, ledger);
  }
  EncodedRequest request;
  request.path = "/model/" + percent_encoded(target.model) +
                 (call.stream.is_wanted ? "/converse-stream" : "/converse");
  JsonWriter json(request.body);
  json.open();
  write_messages(json, turns, plan.family, ledger);
  write_system(json, system_blocks(call));
  write_inference_config(json, plan);
  write_tools(json, plan);
  write_output_config(json, plan);
  add_model_fields(plan, target.model);
  if (!plan.model_fields.empty()) {
    json.value("additionalModelRequestFields", json::Value(plan.model_fields));
  }
  write_metadata(json, call);
  write_service_tier(json, plan);
  write_extensions(json, ledger);
  json.close();
  if (needs_json_tool(plan)) request.hints.json_tool = kJsonTool;
  request.hints.custom_tools = custom_tool_names(call);
  ledger.drop_unknown();
  return ledger.close(std::move(request));
}

bool BedrockConverseBackDoor::takes_url(std::string_view url) const {
  return url.starts_with("s3://");
}

}  // namespace gatehouse::dialects
