#include "cache/policy.h"

#include <algorithm>
#include <variant>

#include "json/scan.h"
#include "json/value.h"

namespace gatehouse::cache {

using exchange::Endpoint;

bool is_cacheable(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::chat_complete:
    case Endpoint::complete:
    case Endpoint::embed:
    case Endpoint::moderate:
    case Endpoint::image_generate:
    case Endpoint::messages:
    case Endpoint::create_response:
    case Endpoint::rerank: return true;
    default: return false;
  }
}

bool can_stream(Endpoint endpoint) {
  return endpoint == Endpoint::chat_complete || endpoint == Endpoint::complete ||
         endpoint == Endpoint::messages || endpoint == Endpoint::create_response;
}

std::chrono::seconds max_age_of(const exchange::CacheSettings& settings, const AgeRules& rules) {
  return std::min(settings.max_age.value_or(rules.usual), rules.longest);
}

bool is_fit(const llm::Reply& reply) {
  const auto is_whole = [](const llm::Choice& choice) {
    const llm::FinishReason reason = choice.finish.reason;
    if (reason != llm::FinishReason::stop && reason != llm::FinishReason::tool_calls) return false;
    if (choice.finish.raw == "pause_turn") return false;
    return std::ranges::none_of(choice.blocks, [](const llm::Block& block) {
      return std::holds_alternative<llm::Refusal>(block.content);
    });
  };
  return !reply.choices.empty() && std::ranges::all_of(reply.choices, is_whole);
}

bool is_fit_completion(std::string_view document) {
  const Result<json::Value> tree = json::parse(document);
  if (!tree) return false;
  const json::Value* choices = json::find(*tree, "choices");
  if (choices == nullptr || !choices->is_array() || choices->get_array().empty()) return false;
  return std::ranges::all_of(choices->get_array(), [](const json::Value& choice) {
    return json::string_or(choice, "finish_reason", "") == "stop";
  });
}

bool is_completed_response(std::string_view document) {
  const Result<std::vector<json::Member>> members = json::scan_object(document);
  const json::Member* const status = members ? json::find(*members, "status") : nullptr;
  return status != nullptr && status->value == R"("completed")";
}

bool is_fit_document(std::string_view document) {
  const Result<std::vector<json::Member>> members = json::scan_object(document);
  if (!members) return false;
  const json::Member* error = json::find(*members, "error");
  return !members->empty() && (error == nullptr || error->value == "null");
}

}  // namespace gatehouse::cache
