#include <algorithm>
#include <array>

#include "base/percent.h"
#include "base/text.h"
#include "dialects/anthropic_messages/anthropic_messages.h"
#include "dialects/anthropic_messages/encode_content.h"
#include "dialects/anthropic_messages/encode_tools.h"
#include "dialects/json_reader.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects {
namespace anthropic_messages {
namespace {

constexpr std::string_view kFilesBeta = "files-api-2025-04-14";

// Members that clients of the chat protocol send for Claude alone; they pass as they are.
constexpr std::array<std::string_view, 4> kOwnMembers = {"container", "mcp_servers",
                                                         "context_management", "inference_geo"};

void write_sampling(JsonWriter& json, const llm::Call& call, const ThinkingPlan& thinking,
                    EncodeLedger& ledger) {
  const llm::Sampling& sampling = call.sampling;
  if (thinking.is_on()) {  // a thinking Claude refuses all three
    if (sampling.temperature && *sampling.temperature != 1) ledger.drop("temperature");
    if (sampling.top_p) ledger.drop("top_p");
    if (sampling.top_k) ledger.drop("top_k");
  } else {
    if (sampling.temperature)
      json.number("temperature", std::clamp(*sampling.temperature, 0.0, 1.0));
    if (sampling.temperature && sampling.top_p) {  // newer models take one of the two
      ledger.drop("top_p");
    } else {
      json.number_if_any("top_p", sampling.top_p);
    }
    json.integer_if_any("top_k", sampling.top_k);
  }
  if (sampling.seed) ledger.drop("seed");
  if (sampling.presence_penalty.value_or(0) != 0) ledger.drop("presence_penalty");
  if (sampling.frequency_penalty.value_or(0) != 0) ledger.drop("frequency_penalty");
}

void write_stop(JsonWriter& json, const llm::Call& call) {
  std::vector<std::string_view> kept;  // a sequence of nothing but space is refused
  for (const std::string& sequence : call.stop) {
    if (!trimmed(sequence).empty()) kept.push_back(sequence);
  }
  if (kept.empty()) return;
  json.open_list("stop_sequences");
  for (const std::string_view sequence : kept) json.text(sequence);
  json.close_list();
}

void write_rest(JsonWriter& json, const llm::Call& call, const EncodeTarget& target,
                EncodeLedger& ledger) {
  const std::string& user = call.user.empty() ? call.safety_identifier : call.user;
  if (!user.empty()) json.open("metadata").text("user_id", user).close();
  if (!call.metadata.empty()) ledger.drop("metadata");
  if (call.service_tier == "auto" || call.service_tier == "priority") {
    json.text("service_tier", "auto");
  } else if (call.service_tier == "default" || call.service_tier == "standard_only") {
    json.text("service_tier", "standard_only");
  } else if (!call.service_tier.empty()) {
    ledger.drop("service_tier");
  }
  for (const std::string_view member : kOwnMembers)
    json.raw_if_any(member, ledger.extension(member));
  if (call.stream.is_wanted && target.host != Host::bedrock) json.flag("stream", true);
}

/// The beta features asked for, by the client (`anthropic_beta`: a text or a list) and by the
/// content.
std::vector<std::string> betas_of(const ContentWriter& content, EncodeLedger& ledger) {
  std::vector<std::string> betas;
  const Result<json::Value> asked = json::parse(ledger.extension("anthropic_beta"));
  if (asked && asked->is_string()) {
    for (const std::string_view beta : split_list(*asked->if_string())) betas.emplace_back(beta);
  }
  if (asked && asked->is_array()) {
    for (const json::Value& beta : *asked->if_array()) {
      if (beta.is_string()) betas.emplace_back(*beta.if_string());
    }
  }
  if (content.uses_files()) betas.emplace_back(kFilesBeta);
  return betas;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

/// What the host changes: the path, and where model, version and betas are said.
void address(const llm::Call& call, const EncodeTarget& target,
             const std::vector<std::string>& betas, EncodedRequest& request) {
  const bool streams = call.stream.is_wanted;
  const std::string model = percent_encoded(target.model, target.host == Host::vertex ? "@" : "");
  if (target.host == Host::own) {
    request.path = "/messages";
    request.headers.emplace_back("anthropic-version", "2023-06-01");
  } else if (target.host == Host::vertex) {
    request.path =
        "/publishers/anthropic/models/" + model + (streams ? ":streamRawPredict" : ":rawPredict");
  } else {
    request.path = "/model/" + model + (streams ? "/invoke-with-response-stream" : "/invoke");
  }
  if (!betas.empty() && target.host != Host::bedrock) {
    request.headers.emplace_back("anthropic-beta", joined(betas));
  }
}

void write_host_members(JsonWriter& json, const EncodeTarget& target,
                        const std::vector<std::string>& betas) {
  if (target.host == Host::vertex) json.text("anthropic_version", "vertex-2023-10-16");
  if (target.host != Host::bedrock) return;
  json.text("anthropic_version", "bedrock-2023-05-31");
  if (betas.empty()) return;
  json.open_list("anthropic_beta");
  for (const std::string& beta : betas) json.text(beta);
  json.close_list();
}

}  // namespace
}  // namespace anthropic_messages

Result<EncodedRequest> AnthropicBackDoor::encode_request(const llm::Call& call,
                                                         const EncodeTarget& target) const {
  using namespace anthropic_messages;
  EncodeLedger ledger(call, target);
  refuse_several_answers(call, ledger);
  refuse_logprobs(call, ledger);
  refuse_logit_bias(call, ledger);
  refuse_audio_answer(call, ledger);
  drop_openai_only(call, ledger);
  account_for_foreign_blocks(call, llm::DialectId::anthropic_messages, ledger);
  const ModelTraits& traits = traits_of(target.model);
  const std::vector<Turn> turns = turns_of(call);
  const ThinkingPlan thinking = plan_thinking(call, traits, turns, ledger);

  EncodedRequest request;
  JsonWriter json(request.body);
  ContentWriter content(json, ledger);
  json.open();
  if (target.host == Host::own) json.text("model", target.model);
  json.integer("max_tokens", thinking.max_tokens);
  content.write_system(system_blocks(call));
  content.write_messages(turns);
  write_tools(json, call, traits, thinking, ledger);
  write_thinking(json, thinking);
  write_output_config(json, call, traits, thinking);
  write_sampling(json, call, thinking, ledger);
  write_stop(json, call);
  write_rest(json, call, target, ledger);
  const std::vector<std::string> betas = betas_of(content, ledger);
  write_host_members(json, target, betas);
  json.close();

  address(call, target, betas, request);
  if (needs_json_tool(call, traits)) request.hints.json_tool = kJsonTool;
  request.hints.custom_tools = custom_tool_names(call);
  ledger.extension("anthropic_version");  // said by the header or the host
  ledger.drop_unknown();
  return ledger.close(std::move(request));
}

}  // namespace gatehouse::dialects
