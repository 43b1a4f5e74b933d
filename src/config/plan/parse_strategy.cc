#include <limits>

#include "config/plan/parse_rules.h"

namespace gatehouse::config {
namespace {

using exchange::Clause;
using exchange::Comparison;
using exchange::Condition;
using exchange::HedgeRules;
using exchange::Mode;
using exchange::Operator;
using exchange::Query;
using exchange::Scalar;
using exchange::Sticky;

constexpr std::int64_t kAny = std::numeric_limits<std::int32_t>::max();

void report_unknown(const std::string& /*name*/, const PlanValue& value) {
  value.report("is no key that is known here");
}

struct ModeWord {
  std::string_view word;
  Mode mode;
};
constexpr ModeWord kModes[] = {
    {"single", Mode::single},           {"fallback", Mode::fallback},
    {"loadbalance", Mode::loadbalance}, {"conditional", Mode::conditional},
    {"priority", Mode::priority},       {"least_latency", Mode::least_latency},
    {"least_cost", Mode::least_cost},
};

void take_mode(const PlanValue& value, ReadStrategy& into) {
  const std::optional<std::string> word = value.text();
  if (!word) return;
  std::string allowed;
  for (const ModeWord& each : kModes) {
    if (each.word == *word) {
      into.strategy.mode = each.mode;
      return;
    }
    allowed.append(allowed.empty() ? "" : ", ").append(each.word);
  }
  value.report("must be one of " + allowed);
}

struct OperatorWord {
  std::string_view word;
  Operator op;
};
constexpr OperatorWord kOperators[] = {
    {"$eq", Operator::eq},   {"$ne", Operator::ne},   {"$gt", Operator::gt},
    {"$gte", Operator::gte}, {"$lt", Operator::lt},   {"$lte", Operator::lte},
    {"$in", Operator::in},   {"$nin", Operator::nin}, {"$regex", Operator::regex},
};

/// Objects and arrays equal nothing: a comparison with them can never be met.
Scalar scalar_of(const json::Value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  if (value.is_double()) return value.get_double();
  return nullptr;
}

Comparison comparison_of(Operator op, const json::Value& operand) {
  Comparison comparison;
  comparison.op = op;
  comparison.has_list = operand.is_array();
  if (comparison.has_list) {
    for (const json::Value& each : operand.get_array()) {
      comparison.list.push_back(scalar_of(each));
    }
  } else {
    comparison.value = scalar_of(operand);
  }
  return comparison;
}

void read_comparisons(const PlanValue& value, Clause& clause) {
  if (!value.json().is_object()) {
    clause.comparisons.push_back(comparison_of(Operator::eq, value.json()));
    return;
  }
  for (const auto& [key, operand] : value.json().get_object()) {
    const std::string_view word(key.data(), key.size());
    bool is_known = false;
    for (const OperatorWord& each : kOperators) {
      if (each.word != word) continue;
      clause.comparisons.push_back(comparison_of(each.op, operand));
      is_known = true;
    }
    if (!is_known) {
      value.report("Unsupported operator used in the query router: " + std::string(word));
    }
  }
}

void check_field(const PlanValue& value, std::string_view field) {
  const bool is_known =
      field.starts_with("metadata.") || field.starts_with("params.") || field == "url.pathname";
  if (!is_known) value.report("must be a query over metadata.*, params.* or url.pathname");
}

void take_conditions(const PlanValue& value, ReadStrategy& into) {
  for (const PlanValue& item : value.items()) {
    const json::Object* object = item.object();
    if (object == nullptr) continue;
    Condition condition;
    const json::Value* query = json::find(*object, "query");
    const json::Value* then = json::find(*object, "then");
    if (query == nullptr) item.report("must have a query");
    if (query != nullptr) condition.query = read_query(item.member("query", *query));
    if (then == nullptr) item.report("must have a 'then' that names a target");
    if (then != nullptr) condition.then = item.member("then", *then).text().value_or("");
    into.strategy.conditions.push_back(std::move(condition));
  }
}

struct StickyParts {
  bool is_enabled = false;
  Sticky sticky;
};
constexpr PlanRow<StickyParts> kSticky[] = {
    {"enabled", [](const PlanValue& value,
                   StickyParts& into) { into.is_enabled = value.flag().value_or(false); }},
    {"hash_fields",
     [](const PlanValue& value, StickyParts& into) { into.sticky.hash_fields = value.texts(); }},
    {"ttl",
     [](const PlanValue& value, StickyParts& into) {
       into.sticky.ttl = std::chrono::seconds{value.whole(1, kAny).value_or(3600)};
     }},
};

void take_sticky(const PlanValue& value, ReadStrategy& into) {
  StickyParts parts;
  read_members<StickyParts>(value, kSticky, parts, report_unknown);
  if (parts.is_enabled) into.strategy.sticky = std::move(parts.sticky);
}

constexpr PlanRow<HedgeRules> kHedge[] = {
    {"after",
     [](const PlanValue& value, HedgeRules& into) {
       if (value.json().is_string() && value.json().get_string() == "p95") return;
       if (const auto after = value.whole(1, kAny)) {
         into.after = std::chrono::milliseconds{*after};
       }
     }},
    {"max_share",
     [](const PlanValue& value, HedgeRules& into) {
       into.max_share = value.number(0).value_or(0);
       if (into.max_share > 1) value.report("must be a share from 0 to 1");
     }},
};

void take_hedge(const PlanValue& value, ReadStrategy& into) {
  into.strategy.hedge.emplace();
  read_members<HedgeRules>(value, kHedge, *into.strategy.hedge, report_unknown);
}

constexpr PlanRow<ReadStrategy> kStrategy[] = {
    {"mode", &take_mode},
    {"on_status_codes",
     [](const PlanValue& value, ReadStrategy& into) {
       into.strategy.on_status_codes = value.statuses();
     }},
    {"conditions", &take_conditions},
    {"default",
     [](const PlanValue& value, ReadStrategy& into) {
       into.strategy.default_target = value.text().value_or("");
     }},
    {"sticky", &take_sticky},
    {"cb_config",
     [](const PlanValue& value, ReadStrategy& into) { into.breaker = read_breaker(value); }},
    {"hedge", &take_hedge},
};

}  // namespace

Query read_query(const PlanValue& value) {
  Query query;
  const json::Object* object = value.object();
  if (object == nullptr) return query;
  for (const auto& [key, each] : *object) {
    Clause clause;
    clause.field.assign(key.data(), key.size());
    const PlanValue member = value.member(clause.field, each);
    const bool is_and = clause.field == "$and";
    if (is_and || clause.field == "$or") {
      clause.kind = is_and ? Clause::Kind::all_of : Clause::Kind::any_of;
      for (const PlanValue& part : member.items()) clause.parts.push_back(read_query(part));
    } else {
      check_field(member, clause.field);
      read_comparisons(member, clause);
    }
    query.clauses.push_back(std::move(clause));
  }
  return query;
}

ReadStrategy read_strategy(const PlanValue& value) {
  ReadStrategy into;
  read_members<ReadStrategy>(value, kStrategy, into, report_unknown);
  const json::Value& json = value.json();
  if (json.is_object() && json::find(json, "mode") == nullptr) value.report("must have a mode");
  return into;
}

}  // namespace gatehouse::config
