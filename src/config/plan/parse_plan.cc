#include "config/plan/parse_plan.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/text.h"
#include "config/plan/parse_rules.h"

namespace gatehouse::config {
namespace {

using exchange::Plan;
using exchange::PlanNode;
using exchange::PlanSource;
using llm::RawMember;

constexpr std::int64_t kAny = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kDeepest = 16;

/// A node with what it said itself, before anything is handed down.
struct ReadNode {
  PlanNode node;
  std::optional<exchange::BreakerRules> strategy_breaker;
  const json::Value* targets = nullptr;
};

std::vector<RawMember> raw_members(const PlanValue& value) {
  std::vector<RawMember> members;
  const json::Object* object = value.object();
  if (object == nullptr) return members;
  for (const auto& [key, each] : *object) {
    members.push_back({std::string(key.data(), key.size()), json::serialize(each)});
  }
  return members;
}

template <std::string PlanNode::* Member>
void take_text(const PlanValue& value, ReadNode& into) {
  into.node.*Member = value.text().value_or("");
}

template <std::vector<RawMember> PlanNode::* Member>
void take_raw(const PlanValue& value, ReadNode& into) {
  into.node.*Member = raw_members(value);
}

/// Nothing may be left unguarded that was meant to be guarded.
void refuse_guardrail(const PlanValue& value, ReadNode& /*into*/) {
  const json::Value& json = value.json();
  if (json.is_array() && json.get_array().empty()) return;
  value.report("is not available here: guardrails and hooks would not be run");
}

void take_nothing(const PlanValue& /*value*/, ReadNode& /*into*/) {}

constexpr std::array kForbiddenForwards = {std::string_view("metadata-flavor"),
                                           std::string_view("x-aws-ec2-metadata-token"),
                                           std::string_view("x-google-metadata-request")};

void take_forwards(const PlanValue& value, ReadNode& into) {
  into.node.forward_headers = value.texts();
  for (const std::string& name : *into.node.forward_headers) {
    if (std::ranges::find(kForbiddenForwards, lowered(name)) != kForbiddenForwards.end()) {
      value.report("must not contain '" + name + "'");
    }
  }
}

void take_strategy(const PlanValue& value, ReadNode& into) {
  ReadStrategy read = read_strategy(value);
  into.node.strategy = std::move(read.strategy);
  into.strategy_breaker = std::move(read.breaker);
}

constexpr PlanRow<ReadNode> kNode[] = {
    {"strategy", &take_strategy},
    {"targets", [](const PlanValue& value, ReadNode& into) { into.targets = &value.json(); }},
    {"name", &take_text<&PlanNode::name>},
    {"provider", &take_text<&PlanNode::provider>},
    {"virtual_key", &take_text<&PlanNode::virtual_key>},
    {"custom_host", &take_text<&PlanNode::custom_host>},
    {"api_key", [](const PlanValue& value,
                   ReadNode& into) { into.node.api_key = Secret(value.text().value_or("")); }},
    {"passthrough",
     [](const PlanValue& value, ReadNode& into) {
       into.node.is_passthrough = value.flag().value_or(false);
     }},
    {"weight", [](const PlanValue& value,
                  ReadNode& into) { into.node.weight = value.number(0).value_or(1); }},
    {"priority", [](const PlanValue& value,
                    ReadNode& into) { into.node.priority = value.whole(0, kAny).value_or(0); }},
    {"cost",
     [](const PlanValue& value, ReadNode& into) { into.node.cost = value.number(0).value_or(0); }},
    {"retry", [](const PlanValue& value, ReadNode& into) { into.node.retry = read_retry(value); }},
    {"cache", [](const PlanValue& value, ReadNode& into) { into.node.cache = read_cache(value); }},
    {"cb_config",
     [](const PlanValue& value, ReadNode& into) { into.node.breaker = read_breaker(value); }},
    {"request_timeout",
     [](const PlanValue& value, ReadNode& into) {
       const auto given = value.whole(0, kAny);
       if (given && *given > 0) into.node.request_timeout = std::chrono::milliseconds{*given};
     }},
    {"strict_open_ai_compliance",
     [](const PlanValue& value, ReadNode& into) { into.node.is_strict = value.flag(); }},
    {"forward_headers", &take_forwards},
    {"override_params", &take_raw<&PlanNode::override_params>},
    {"default_params", &take_raw<&PlanNode::default_params>},
    {"drop_params",
     [](const PlanValue& value, ReadNode& into) { into.node.drop_params = value.texts(); }},
    {"input_guardrails", &refuse_guardrail},
    {"output_guardrails", &refuse_guardrail},
    {"before_request_hooks", &refuse_guardrail},
    {"after_request_hooks", &refuse_guardrail},
    {"input_mutators", &refuse_guardrail},
    {"output_mutators", &refuse_guardrail},
    {"default_input_guardrails", &refuse_guardrail},
    {"default_output_guardrails", &refuse_guardrail},
    {"prompt_id",
     [](const PlanValue& value, ReadNode& /*into*/) {
       value.report("is not available here: there are no saved prompts");
     }},
    {"options",
     [](const PlanValue& value, ReadNode& /*into*/) {
       value.report(
           "This version of config is not supported in this route. Please migrate to the latest "
           "version");
     }},
    {"id", &take_nothing},
    {"metadata", &take_nothing},
    {"on_status_codes", &take_nothing},  // means something in a strategy only
    {"fetch_integrated_models", &take_nothing},
};

/// The options of providers by the beginnings of their names (wire spec 2.2).
constexpr std::array kOptionPrefixes = {
    std::string_view("aws_"),       std::string_view("amzn_"),
    std::string_view("azure_"),     std::string_view("vertex_"),
    std::string_view("openai_"),    std::string_view("anthropic_"),
    std::string_view("workers_"),   std::string_view("huggingface_"),
    std::string_view("stability_"), std::string_view("fireworks_"),
    std::string_view("snowflake_"), std::string_view("mistral_"),
    std::string_view("oracle_"),    std::string_view("databricks_"),
    std::string_view("provider_"),  std::string_view("resource_"),
    std::string_view("deployment"), std::string_view("api_version"),
    std::string_view("region"),     std::string_view("byteplus_"),
    std::string_view("file_")};

bool is_option(std::string_view name) {
  return std::ranges::any_of(kOptionPrefixes,
                             [name](std::string_view each) { return name.starts_with(each); });
}

void take_option(const std::string& name, const PlanValue& value, PlanNode& node) {
  const json::Value& json = value.json();
  node.options.emplace_back(
      name, json.is_string() ? std::string(json.get_string()) : json::serialize(json));
}

/// Parents under children, key by key.
void hand_down_members(const std::vector<RawMember>& from, std::vector<RawMember>& to) {
  for (const RawMember& each : from) {
    const bool is_there =
        std::ranges::any_of(to, [&](const RawMember& own) { return own.name == each.name; });
    if (!is_there) to.push_back(each);
  }
}

template <class T>
void hand_down_value(const std::optional<T>& from, std::optional<T>& to) {
  if (!to) to = from;
}

/// Wire spec 3.4; what is not here is not inherited.
void hand_down(const PlanNode& from, PlanNode& to) {
  hand_down_members(from.override_params, to.override_params);
  hand_down_members(from.default_params, to.default_params);
  for (const std::string& each : from.drop_params) {
    if (std::ranges::find(to.drop_params, each) == to.drop_params.end()) {
      to.drop_params.push_back(each);
    }
  }
  hand_down_value(from.retry, to.retry);
  hand_down_value(from.cache, to.cache);
  hand_down_value(from.breaker, to.breaker);
  hand_down_value(from.request_timeout, to.request_timeout);
  hand_down_value(from.forward_headers, to.forward_headers);
  hand_down_value(from.is_strict, to.is_strict);
  if (to.custom_host.empty()) to.custom_host = from.custom_host;
}

class NodeReader {
 public:
  explicit NodeReader(PlanSource source) : source_(source) {}

  PlanNode read(const PlanValue& value, const PlanNode& parent, std::size_t depth) const {
    ReadNode read;
    read.node.path = value.path();
    read_members<ReadNode>(value, kNode, read, [&](const std::string& name, const PlanValue& each) {
      if (is_option(name)) {
        take_option(name, each, read.node);
      } else if (source_ == PlanSource::saved) {
        each.report("is no key that is known here");
      }
    });
    PlanNode& node = read.node;
    if (read.strategy_breaker) node.breaker = std::move(read.strategy_breaker);
    hand_down(parent, node);
    if (read.targets != nullptr) {
      read_targets(value.member("targets", *read.targets), node, depth);
    }
    check(value, node);
    return std::move(node);
  }

 private:
  void read_targets(const PlanValue& value, PlanNode& node, std::size_t depth) const {
    if (depth == kDeepest) {
      value.report("must not be nested deeper than " + std::to_string(kDeepest));
      return;
    }
    const std::vector<PlanValue> items = value.items();
    if (items.empty()) value.report("must have at least one target");
    for (const PlanValue& item : items) node.targets.push_back(read(item, node, depth + 1));
  }

  static void check(const PlanValue& value, const PlanNode& node) {
    if (node.strategy && node.targets.empty()) value.report("has a strategy but no targets");
    if (!node.strategy && !node.targets.empty()) value.report("has targets but no strategy");
    if (!node.strategy) return;
    const exchange::Mode mode = node.strategy->mode;
    if (mode == exchange::Mode::loadbalance &&
        std::ranges::none_of(node.targets, [](const PlanNode& each) { return each.weight > 0; })) {
      value.report("must have a target with a weight above 0");
    }
  }

  PlanSource source_;
};

}  // namespace

Result<Plan> parse_plan(std::string_view json, const PlanDefaults& defaults) {
  const Result<json::Value> parsed = json::parse(json);
  if (!parsed || !parsed->is_object()) {
    return fail(client_error(ErrorCode::invalid_config,
                             "Invalid config passed. You need to pass a valid json",
                             "x-portkey-config"));
  }
  PlanProblems problems;
  PlanNode above;
  above.retry = defaults.retry;
  Plan plan;
  const PlanValue root(*parsed, "config", problems);
  plan.root = NodeReader(PlanSource::request).read(root, above, 0);
  if (problems.empty()) return plan;
  return fail(client_error(ErrorCode::invalid_config,
                           "Invalid config passed: " + describe(problems), "x-portkey-config"));
}

Plan read_saved_plan(const json::Value& value, std::string path, PlanProblems& problems) {
  Plan plan;
  plan.source = PlanSource::saved;
  plan.root =
      NodeReader(PlanSource::saved).read(PlanValue(value, "config", problems), PlanNode(), 0);
  plan.slug = std::move(path);
  return plan;
}

}  // namespace gatehouse::config
