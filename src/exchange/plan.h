// How a request shall be served: the config object (wire spec, section 3) as plain data. Inherited
// settings have been handed down already, so every leaf is complete by itself and nobody looks up
// the tree.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/secret.h"
#include "exchange/cache_settings.h"
#include "llm/message.h"

namespace gatehouse::exchange {

/// How a node with targets chooses between them. The first four are Portkey's words.
enum class Mode : std::uint8_t {
  single,
  fallback,
  loadbalance,
  conditional,
  least_latency,  // the better of two drawn ones, by the time to the first token
  least_cost,     // by `cost`, the cheapest first
  priority,       // by `priority`, the lowest first; equal ones share by weight
};

/// What a condition compares with, typed as in JSON.
using Scalar = std::variant<std::nullptr_t, bool, double, std::string>;

enum class Operator : std::uint8_t { eq, ne, gt, gte, lt, lte, in, nin, regex };

struct Comparison {
  Operator op = Operator::eq;
  Scalar value = nullptr;
  std::vector<Scalar> list;  // of `in` and `nin`
  bool has_list = false;     // `in` and `nin` of anything else are never met
};

struct Query;

/// One member of a query: a field with its comparisons, or `$and` / `$or` with their queries.
struct Clause {
  enum class Kind : std::uint8_t { compare, all_of, any_of };
  Kind kind = Kind::compare;
  std::string field;  // "metadata.plan", "params.model", "url.pathname"
  std::vector<Comparison> comparisons;
  std::vector<Query> parts;
};

struct Query {
  std::vector<Clause> clauses;  // in the order in which they were written, which matters
};

struct Condition {
  Query query;
  std::string then;  // the name of a target
};

struct Sticky {
  std::vector<std::string> hash_fields;
  std::chrono::seconds ttl{3600};
};

enum class Backoff : std::uint8_t { exponential, linear };
enum class RetryAfter : std::uint8_t { honoured, ignored };

struct RetryRules {
  std::uint32_t attempts = 0;  // beyond the first
  std::vector<int> on_status_codes = {429, 500, 502, 503, 504, 529};
  Backoff backoff = Backoff::exponential;
  bool has_jitter = false;
  RetryAfter retry_after = RetryAfter::honoured;
};

struct BreakerRules {
  double failure_threshold = 0;              // failures in the window; 0: not by number
  std::optional<double> failure_percentage;  // of the calls in the window
  std::uint32_t minimum_requests = 0;        // before a percentage means anything
  std::chrono::milliseconds cooldown{30'000};
  std::vector<int> failure_status_codes;  // empty: 500 and above
};

/// A second target is asked as well when the first is slow.
struct HedgeRules {
  std::optional<std::chrono::milliseconds> after;  // absent: the p95 that was learned
  double max_share = 0.05;                         // of the requests may be asked twice
};

struct Strategy {
  Mode mode = Mode::single;
  std::optional<std::vector<int>> on_status_codes;
  std::vector<Condition> conditions;
  std::string default_target;
  std::optional<Sticky> sticky;
  std::optional<HedgeRules> hedge;
};

struct PlanNode {
  std::string path = "config";  // "config.targets[1]"
  std::string name;

  // A node with targets.
  std::optional<Strategy> strategy;
  std::vector<PlanNode> targets;

  // What the strategy above looks at.
  double weight = 1;
  std::int64_t priority = 0;
  double cost = 0;

  // A leaf: who is called.
  std::string provider;  // "openai", "@slug"
  std::string virtual_key;
  Secret api_key;
  bool is_passthrough = false;                               // the request says the provider
  std::vector<std::pair<std::string, std::string>> options;  // resource_name, aws_region, ...

  // A leaf: how, its own or handed down.
  std::string custom_host;
  std::optional<std::vector<std::string>> forward_headers;
  std::optional<bool> is_strict;
  std::optional<std::chrono::milliseconds> request_timeout;
  std::optional<RetryRules> retry;
  std::optional<CacheSettings> cache;
  std::optional<BreakerRules> breaker;
  std::vector<llm::RawMember> override_params;
  std::vector<llm::RawMember> default_params;
  std::vector<std::string> drop_params;

  bool is_leaf() const { return targets.empty(); }
};

/// Who wrote it decides what it may do: a saved plan is the operator's word.
enum class PlanSource : std::uint8_t { request, saved };

struct Plan {
  PlanNode root;
  PlanSource source = PlanSource::request;
  std::string slug;  // of a saved one
};

}  // namespace gatehouse::exchange
