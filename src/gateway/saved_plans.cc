#include "gateway/saved_plans.h"

#include <algorithm>

#include "base/text.h"
#include "config/plan/parse_plan.h"
#include "config/plan/parse_rules.h"
#include "json/value.h"

namespace gatehouse::gateway {

using exchange::Plan;
using PlanPtr = std::shared_ptr<const Plan>;

namespace {

Result<config::PlanDefaults> defaults_of(const GatewayFields& fields) {
  config::PlanDefaults defaults;
  if (fields.retry.empty()) return defaults;
  Result<exchange::RetryRules> retry = config::parse_retry_field(fields.retry);
  if (!retry) return std::unexpected(std::move(retry.error()));
  defaults.retry = std::move(*retry);
  return defaults;
}

/// Error: forward_headers must not name itself (wire spec 2.3).
Result<void> check_forwards(const GatewayFields& fields) {
  for (const std::string_view name : split_list(fields.forward_headers)) {
    if (!equals_ignoring_case(name, "x-portkey-forward-headers")) continue;
    return fail(
        client_error(ErrorCode::invalid_config,
                     "forward_headers must not contain the 'x-portkey-forward-headers' header."));
  }
  return {};
}

void lay_retry_under(exchange::PlanNode& node, const exchange::RetryRules& retry) {
  if (!node.retry) node.retry = retry;
  for (exchange::PlanNode& each : node.targets) lay_retry_under(each, retry);
}

/// A saved plan under langroid's retry field, which counts where the plan says nothing.
PlanPtr with_defaults(PlanPtr plan, const config::PlanDefaults& defaults) {
  if (!defaults.retry) return plan;
  auto changed = std::make_shared<Plan>(*plan);
  lay_retry_under(changed->root, *defaults.retry);
  return changed;
}

}  // namespace

SavedPlans::SavedPlans(const config::Settings& settings) {
  for (const auto& [slug, entry] : settings.configs) {
    const Result<json::Value> value = json::parse(entry.json.reveal());
    if (!value) continue;  // the file would not have loaded
    config::PlanProblems problems;
    plans_[slug] = std::make_shared<const Plan>(config::read_saved_plan(*value, slug, problems));
  }
  for (const config::ApiKeyEntry& entry : settings.api_keys) {
    if (!entry.config.empty()) defaults_["config:" + entry.name] = entry.config;
  }
}

PlanPtr SavedPlans::find(std::string_view slug) const {
  const auto found = plans_.find(slug);
  return found == plans_.end() ? nullptr : found->second;
}

PlanPtr SavedPlans::default_of(const exchange::Principal& principal) const {
  if (defaults_.empty()) return nullptr;
  const auto found = defaults_.find(principal.key_id);
  return found == defaults_.end() ? nullptr : find(found->second);
}

std::string SavedPlans::near_slugs(std::string_view slug) const {
  constexpr std::size_t kLongestSlug = 128;
  constexpr std::size_t kNear = 3;
  std::string near;
  if (slug.size() > kLongestSlug) return near;
  for (const auto& [name, plan] : plans_) {
    if (edit_distance(name, slug) > kNear) continue;
    near += (near.empty() ? " Did you mean '" : ", '") + name + "'";
  }
  return near.empty() ? near : near + "?";
}

bool names_saved_plan(const SavedPlans& saved, std::string_view config) {
  return config.starts_with("pc-") || saved.find(config) != nullptr;
}

Result<PlanPtr> plan_of(const SavedPlans& saved, const GatewayFields& fields,
                        const exchange::Principal& principal) {
  if (fields.config.empty() && fields.retry.empty() && fields.forward_headers.empty()) {
    return saved.default_of(principal);
  }
  if (Result<void> checked = check_forwards(fields); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  Result<config::PlanDefaults> defaults = defaults_of(fields);
  if (!defaults) return std::unexpected(std::move(defaults.error()));
  const std::string_view text = trimmed(fields.config);
  if (text.empty()) {
    if (PlanPtr plan = saved.default_of(principal)) return with_defaults(plan, *defaults);
    if (!defaults->retry) return PlanPtr();
    auto plain = std::make_shared<Plan>();
    plain->root.retry = defaults->retry;
    return plain;
  }
  if (names_saved_plan(saved, text)) {
    if (PlanPtr plan = saved.find(text)) return with_defaults(plan, *defaults);
    return fail(client_error(
        ErrorCode::invalid_config,
        "Unknown config '" + std::string(text.substr(0, 128)) + "'." + saved.near_slugs(text),
        "x-portkey-config"));
  }
  Result<Plan> plan = config::parse_plan(text, *defaults);
  if (!plan) return std::unexpected(std::move(plan.error()));
  return std::make_shared<const Plan>(std::move(*plan));
}

}  // namespace gatehouse::gateway
