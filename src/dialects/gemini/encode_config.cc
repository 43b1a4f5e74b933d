#include "dialects/gemini/encode_config.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialects/gemini/encode_tools.h"
#include "dialects/json_reader.h"
#include "dialects/schema.h"

namespace gatehouse::dialects::gemini {
namespace {

using Mode = llm::ReasoningWish::Mode;

constexpr std::size_t kMaxStopSequences = 5;
constexpr std::int64_t kMaxLogprobs = 5;

void write_sampling(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger) {
  const llm::Sampling& sampling = call.sampling;
  json.integer_if_any("maxOutputTokens", call.max_tokens);
  json.number_if_any("temperature", sampling.temperature);
  json.number_if_any("topP", sampling.top_p);
  json.integer_if_any("topK", sampling.top_k);
  json.integer_if_any("candidateCount", call.n);
  json.integer_if_any("seed", sampling.seed);
  json.number_if_any("presencePenalty", sampling.presence_penalty);
  json.number_if_any("frequencyPenalty", sampling.frequency_penalty);
  if (call.logprobs.value_or(false)) {
    json.flag("responseLogprobs", true);
    if (call.top_logprobs) {
      json.integer("logprobs", std::clamp<std::int64_t>(*call.top_logprobs, 1, kMaxLogprobs));
    }
  }
  if (call.stop.size() > kMaxStopSequences) {
    ledger.refuse("stop", "it takes five sequences at most");
  }
  if (call.stop.empty()) return;
  json.open_list("stopSequences");
  for (std::size_t i = 0; i < std::min(call.stop.size(), kMaxStopSequences); ++i)
    json.text(call.stop[i]);
  json.close_list();
}

void write_format(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                  EncodeLedger& ledger) {
  using Kind = llm::ResponseFormat::Kind;
  if (call.format.kind == Kind::text || needs_json_tool(call, traits)) return;
  if (!call.tools.empty() && !traits.mixes_json_and_tools) {
    return ledger.refuse("response_format",
                         "this model answers in JSON only while it has no tools");
  }
  json.text("responseMimeType", "application/json");
  if (call.format.kind != Kind::json_schema || call.format.schema.empty()) return;
  if (traits.takes_json_schema) {
    json.raw("responseJsonSchema", call.format.schema);
  } else {
    json.raw("responseSchema", openapi_schema(call.format.schema));
  }
}

void write_modalities(JsonWriter& json, const llm::Call& call) {
  if (!call.modalities.empty()) {
    json.open_list("responseModalities");
    for (const std::string& modality : call.modalities) {
      std::string upper = modality;
      for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      json.text(upper);
    }
    json.close_list();
  }
  const Result<json::Value> audio = json::parse(call.audio);
  if (!audio) return;
  const std::string_view voice = text_at(*audio, "voice");
  if (voice.empty()) return;
  json.open("speechConfig")
      .open("voiceConfig")
      .open("prebuiltVoiceConfig")
      .text("voiceName", voice);
  json.close().close().close();
}

/// The extension `image_config`, in either spelling of its members.
void write_image_config(JsonWriter& json, EncodeLedger& ledger) {
  const Result<json::Value> given = json::parse(ledger.extension("image_config"));
  if (!given || !given->is_object()) return;
  json.open("imageConfig");
  for (const auto& member : *given->if_object()) {
    const std::string_view key = member.key();
    json.value(key == "aspect_ratio" ? "aspectRatio"
               : key == "image_size" ? "imageSize"
                                     : key,
               member.value());
  }
  json.close();
}

struct EffortBudget {
  std::string_view effort;
  std::int64_t tokens;
};
constexpr std::array kBudgets = {
    EffortBudget{"low", 1024},    EffortBudget{"medium", 8192}, EffortBudget{"high", 24576},
    EffortBudget{"xhigh", 24576}, EffortBudget{"max", 24576},
};

bool is_off(const llm::ReasoningWish& wish) {
  return wish.mode == Mode::disabled || (wish.effort == "none" && !wish.budget);
}

std::optional<std::int64_t> budget_of(const llm::ReasoningWish& wish, const ModelTraits& traits) {
  if (is_off(wish)) return traits.off_budget;
  if (wish.budget) return *wish.budget;
  if (wish.effort == "minimal") return traits.least_budget;
  const auto found = std::ranges::find(kBudgets, wish.effort, &EffortBudget::effort);
  return found == kBudgets.end() ? std::nullopt : std::optional(found->tokens);
}

std::string_view level_of(const llm::ReasoningWish& wish, const ModelTraits& traits) {
  const bool is_least = is_off(wish) || wish.effort == "minimal";
  if (is_least) return traits.has_all_levels ? "minimal" : "low";
  if (wish.effort == "low") return "low";
  if (wish.effort == "medium") return traits.has_all_levels ? "medium" : "high";
  return wish.effort.empty() ? "" : "high";
}

/// A budget and a level are never sent together: that is an error.
void write_thinking(JsonWriter& json, const llm::ReasoningWish& wish, const ModelTraits& traits,
                    EncodeLedger& ledger) {
  if (!wish.is_said()) return;
  if (traits.thinking == Thinking::none) {
    return ledger.drop(wish.mode == Mode::unsaid ? "reasoning_effort" : "thinking");
  }
  json.open("thinkingConfig");
  if (!is_off(wish)) json.flag("includeThoughts", true);
  const bool says_budget = traits.thinking == Thinking::budget || (wish.budget && !is_off(wish));
  if (says_budget) {
    json.integer_if_any("thinkingBudget", budget_of(wish, traits));
  } else {
    json.text_if_any("thinkingLevel", level_of(wish, traits));
  }
  json.close();
}

}  // namespace

void write_generation_config(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                             EncodeLedger& ledger) {
  std::string config;
  JsonWriter members(config);
  members.open();
  write_sampling(members, call, ledger);
  write_format(members, call, traits, ledger);
  write_modalities(members, call);
  write_image_config(members, ledger);
  write_thinking(members, call.reasoning, traits, ledger);
  members.close();
  if (config != "{}") json.raw("generationConfig", config);
}

}  // namespace gatehouse::dialects::gemini
