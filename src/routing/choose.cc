#include "routing/choose.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "routing/match_query.h"

namespace gatehouse::routing {
namespace {

using exchange::Mode;
using exchange::PlanNode;
using Nodes = std::vector<const PlanNode*>;

bool is_open(const PlanNode& node, const ChoiceInput& input) {
  if (!node.is_leaf()) return false;
  const Result<std::string> upstream = input.caller.upstream_of(node);
  return upstream && input.health.is_open(*upstream, input.now);
}

Nodes all_of(const PlanNode& node) {
  Nodes nodes;
  for (const PlanNode& each : node.targets) nodes.push_back(&each);
  return nodes;
}

Nodes well_ones(const PlanNode& node, const ChoiceInput& input) {
  Nodes nodes = all_of(node);
  std::erase_if(nodes, [&](const PlanNode* each) { return is_open(*each, input); });
  return nodes.empty() ? all_of(node) : nodes;
}

double weight_of(const Nodes& nodes) {
  return std::accumulate(nodes.begin(), nodes.end(), 0.0,
                         [](double sum, const PlanNode* each) { return sum + each->weight; });
}

/// One draw: r in [0, sum), walked down. Nodes of weight 0 are never drawn while others are there.
std::size_t draw(const Nodes& nodes, Random& random) {
  double left = random.unit() * weight_of(nodes);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i]->weight <= 0) continue;
    left -= nodes[i]->weight;
    if (left < 0) return i;
  }
  const auto last = std::ranges::find_if(nodes.rbegin(), nodes.rend(),
                                         [](const PlanNode* each) { return each->weight > 0; });
  return last == nodes.rend() ? 0 : static_cast<std::size_t>(nodes.rend() - last) - 1;
}

std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
  constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15;
  return (hash ^ std::hash<std::string_view>{}(text)) * kPrime;
}

/// What the session is known by: the values of the fields, and the targets between which it is
/// sent.
std::optional<std::uint64_t> session_of(const PlanNode& node, const ChoiceInput& input) {
  std::uint64_t hash = mixed(0, node.path);
  bool has_any = false;
  for (const std::string& name : node.strategy->sticky->hash_fields) {
    const std::optional<exchange::Scalar> value = input.caller.field(name);
    has_any = has_any || value.has_value();
    hash = mixed(hash, name);
    if (!value) continue;
    if (const auto* text = std::get_if<std::string>(&*value)) hash = mixed(hash, *text);
    if (const auto* number = std::get_if<double>(&*value)) {
      hash = mixed(hash, std::to_string(*number));
    }
  }
  if (!has_any) return std::nullopt;
  for (const PlanNode& each : node.targets) {
    hash = mixed(mixed(hash, each.provider), each.name.empty() ? each.virtual_key : each.name);
  }
  return hash;
}

std::size_t place_of(const PlanNode& node, const PlanNode* target) {
  return static_cast<std::size_t>(target - node.targets.data());
}

Nodes drawn(const PlanNode& node, const ChoiceInput& input) {
  const Nodes nodes = well_ones(node, input);
  std::optional<std::uint64_t> session;
  if (node.strategy->sticky) session = session_of(node, input);
  if (!session) return {nodes[draw(nodes, input.random)]};
  if (const auto kept = input.sticky.find(*session, input.now)) {
    for (const PlanNode* each : nodes) {
      if (place_of(node, each) == *kept && each->weight > 0) return {each};
    }
  }
  const PlanNode* const found = nodes[draw(nodes, input.random)];
  input.sticky.remember(*session, place_of(node, found), input.now + node.strategy->sticky->ttl,
                        input.now);
  return {found};
}

Latency::Duration average_of(const PlanNode& node, const ChoiceInput& input) {
  const Result<std::string> upstream = input.caller.upstream_of(node);
  return upstream ? input.health.average(*upstream, input.now) : Latency::Duration{};
}

/// The better of two that were drawn (Mitzenmacher, 2001), so that not everybody runs to the one
/// that was quickest a moment ago; the others behind, by their averages.
Nodes by_latency(Nodes nodes, const ChoiceInput& input) {
  if (nodes.size() < 2) return nodes;
  const std::size_t first = input.random.bits() % nodes.size();
  std::size_t second = input.random.bits() % (nodes.size() - 1);
  if (second >= first) ++second;
  const bool is_second_better =
      average_of(*nodes[second], input) < average_of(*nodes[first], input);
  std::swap(nodes[0], nodes[is_second_better ? second : first]);
  std::stable_sort(nodes.begin() + 1, nodes.end(), [&](const PlanNode* a, const PlanNode* b) {
    return average_of(*a, input) < average_of(*b, input);
  });
  return nodes;
}

Nodes by_priority(Nodes nodes, Random& random) {
  std::ranges::stable_sort(nodes, {}, &PlanNode::priority);
  Nodes order;
  while (!nodes.empty()) {
    const auto end = std::ranges::find_if(
        nodes, [&](const PlanNode* each) { return each->priority != nodes.front()->priority; });
    Nodes equals(nodes.begin(), end);
    nodes.erase(nodes.begin(), end);
    while (!equals.empty()) {
      const std::size_t index = draw(equals, random);
      order.push_back(equals[index]);
      equals.erase(equals.begin() + static_cast<std::ptrdiff_t>(index));
    }
  }
  return order;
}

Result<Nodes> by_condition(const PlanNode& node, const ChoiceInput& input) {
  const exchange::Strategy& strategy = *node.strategy;
  const auto refuse = [](std::string message) {
    return fail(client_error(ErrorCode::invalid_request, std::move(message), "x-portkey-config"));
  };
  if (strategy.conditions.empty()) return refuse("No conditions passed in the query router");
  const FieldLookup lookup = [&](std::string_view name) { return input.caller.field(name); };
  std::string_view name = strategy.default_target;
  for (const exchange::Condition& each : strategy.conditions) {
    if (!is_met(each.query, lookup)) continue;
    name = each.then;
    break;
  }
  if (name.empty()) return refuse("Query router did not resolve to any valid target");
  for (const PlanNode& each : node.targets) {
    if (each.name == name) return Nodes{&each};
  }
  return refuse("Invalid target name found in the query router: " + std::string(name));
}

}  // namespace

bool has_failover(Mode mode) {
  return mode != Mode::single && mode != Mode::loadbalance && mode != Mode::conditional;
}

Result<Nodes> choose(const PlanNode& node, const ChoiceInput& input) {
  switch (node.strategy->mode) {
    case Mode::single: return Nodes{&node.targets.front()};
    case Mode::fallback: return well_ones(node, input);
    case Mode::loadbalance: return drawn(node, input);
    case Mode::conditional: return by_condition(node, input);
    case Mode::least_latency: return by_latency(well_ones(node, input), input);
    case Mode::priority: return by_priority(well_ones(node, input), input.random);
    case Mode::least_cost: break;
  }
  Nodes nodes = well_ones(node, input);
  std::ranges::stable_sort(nodes, {}, &PlanNode::cost);
  return nodes;
}

}  // namespace gatehouse::routing
