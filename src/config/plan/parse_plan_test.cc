#include "config/plan/parse_plan.h"

#include <gtest/gtest.h>

#include "config/plan/parse_rules.h"

namespace gatehouse::config {
namespace {

using exchange::Mode;
using exchange::Plan;
using exchange::PlanNode;

Plan parsed(std::string_view json) {
  Result<Plan> plan = parse_plan(json, {});
  EXPECT_TRUE(plan) << (plan ? "" : plan.error()->message);
  return plan ? std::move(*plan) : Plan();
}

std::string refusal_of(std::string_view json) {
  const Result<Plan> plan = parse_plan(json, {});
  EXPECT_FALSE(plan) << json;
  if (!plan) EXPECT_EQ(plan.error()->code, ErrorCode::invalid_config);
  return plan ? "" : plan.error()->message;
}

std::string member(const std::vector<llm::RawMember>& members, std::string_view name) {
  for (const llm::RawMember& each : members) {
    if (each.name == name) return each.json;
  }
  return "";
}

TEST(ParsePlan, ReadsALeafInBothSpellings) {
  for (const std::string_view json :
       {R"({"provider":"openai","api_key":"k","custom_host":"http://a/v1","request_timeout":5,
            "strict_open_ai_compliance":false,"override_params":{"maxTokens":3},
            "forward_headers":["X-A"],"drop_params":["a.b"],"resource_name":"r"})",
        R"({"provider":"openai","apiKey":"k","customHost":"http://a/v1","requestTimeout":5,
            "strictOpenAiCompliance":false,"overrideParams":{"maxTokens":3},
            "forwardHeaders":["X-A"],"dropParams":["a.b"],"resourceName":"r"})"}) {
    const PlanNode leaf = parsed(json).root;
    EXPECT_TRUE(leaf.is_leaf());
    EXPECT_EQ(leaf.path, "config");
    EXPECT_EQ(leaf.provider, "openai");
    EXPECT_EQ(leaf.api_key.reveal(), "k");
    EXPECT_EQ(leaf.custom_host, "http://a/v1");
    EXPECT_EQ(leaf.request_timeout, std::chrono::milliseconds{5});
    EXPECT_EQ(leaf.is_strict, false);
    EXPECT_EQ(member(leaf.override_params, "maxTokens"), "3") << "what is the provider's stays";
    EXPECT_EQ(leaf.forward_headers, std::vector<std::string>{"X-A"});
    EXPECT_EQ(leaf.drop_params, std::vector<std::string>{"a.b"});
    ASSERT_EQ(leaf.options.size(), 1U);
    EXPECT_EQ(leaf.options[0].first, "resource_name");
  }
}

TEST(ParsePlan, KnowsEveryMode) {
  constexpr std::pair<std::string_view, Mode> kModes[] = {
      {"single", Mode::single},           {"fallback", Mode::fallback},
      {"loadbalance", Mode::loadbalance}, {"conditional", Mode::conditional},
      {"priority", Mode::priority},       {"least_latency", Mode::least_latency},
      {"least_cost", Mode::least_cost}};
  for (const auto& [word, mode] : kModes) {
    const Plan plan = parsed(R"({"strategy":{"mode":")" + std::string(word) +
                             R"("},"targets":[{"provider":"a"},{"provider":"b","weight":0.5}]})");
    ASSERT_TRUE(plan.root.strategy);
    EXPECT_EQ(plan.root.strategy->mode, mode);
    ASSERT_EQ(plan.root.targets.size(), 2U);
    EXPECT_EQ(plan.root.targets[1].path, "config.targets[1]");
    EXPECT_EQ(plan.root.targets[1].weight, 0.5);
  }
}

// Wire spec 3.4, line by line.
TEST(ParsePlan, HandsDownWhatIsInheritedAndNothingElse) {
  const Plan plan = parsed(R"({
    "strategy":{"mode":"fallback","cb_config":{"failure_threshold":7}},
    "override_params":{"model":"m","top_p":1}, "default_params":{"user":"u"}, "drop_params":["x"],
    "retry":{"attempts":3}, "cache":"simple", "request_timeout":9, "custom_host":"http://h/v1",
    "forward_headers":["a"], "strict_open_ai_compliance":false,
    "provider":"openai", "api_key":"k", "name":"top", "virtual_key":"v", "weight":4, "aws_region":"r",
    "targets":[
      {},
      {"override_params":{"model":"own"},"retry":{"attempts":1},"cache":{"mode":"semantic"},
       "request_timeout":1,"custom_host":"http://own/v1","forward_headers":["b"],
       "strict_open_ai_compliance":true,"cb_config":{"failure_threshold":2}},
      {"strategy":{"mode":"single"},"override_params":{"seed":1},"targets":[{"name":"deep"}]}]})");
  const PlanNode& plain = plan.root.targets[0];
  EXPECT_EQ(member(plain.override_params, "model"), "\"m\"");
  EXPECT_EQ(member(plain.default_params, "user"), "\"u\"");
  EXPECT_EQ(plain.drop_params, std::vector<std::string>{"x"});
  EXPECT_EQ(plain.retry->attempts, 3U);
  EXPECT_EQ(plain.cache->mode, exchange::CacheMode::simple);
  EXPECT_EQ(plain.request_timeout, std::chrono::milliseconds{9});
  EXPECT_EQ(plain.custom_host, "http://h/v1");
  EXPECT_EQ(plain.forward_headers->front(), "a");
  EXPECT_EQ(plain.is_strict, false);
  EXPECT_EQ(plain.breaker->failure_threshold, 7);
  EXPECT_TRUE(plain.provider.empty() && plain.api_key.is_empty() && plain.virtual_key.empty());
  EXPECT_TRUE(plain.name.empty() && plain.options.empty() && !plain.strategy);
  EXPECT_EQ(plain.weight, 1);

  const PlanNode& own = plan.root.targets[1];
  EXPECT_EQ(member(own.override_params, "model"), "\"own\"");
  EXPECT_EQ(member(own.override_params, "top_p"), "1");
  EXPECT_EQ(own.retry->attempts, 1U);
  EXPECT_EQ(own.cache->mode, exchange::CacheMode::semantic);
  EXPECT_EQ(own.request_timeout, std::chrono::milliseconds{1});
  EXPECT_EQ(own.custom_host, "http://own/v1");
  EXPECT_EQ(own.forward_headers->front(), "b");
  EXPECT_EQ(own.is_strict, true);
  EXPECT_EQ(own.breaker->failure_threshold, 2);

  const PlanNode& deep = plan.root.targets[2].targets[0];
  EXPECT_EQ(deep.path, "config.targets[2].targets[0]");
  EXPECT_EQ(member(deep.override_params, "model"), "\"m\"");
  EXPECT_EQ(member(deep.override_params, "seed"), "1");
  EXPECT_EQ(deep.breaker->failure_threshold, 7);
}

TEST(ParsePlan, NamesThePathOfWhatIsWrongAndWhatIsAllowed) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"[1]", "You need to pass a valid json"},
      {"{", "You need to pass a valid json"},
      {R"({"strategy":{"mode":"magic"},"targets":[{}]})",
       "path: config.strategy.mode, message: must be one of single, fallback, loadbalance, "
       "conditional"},
      {R"({"strategy":{},"targets":[{}]})", "path: config.strategy, message: must have a mode"},
      {R"({"strategy":{"mode":"single"}})", "has a strategy but no targets"},
      {R"({"targets":[{}]})", "has targets but no strategy"},
      {R"({"strategy":{"mode":"single"},"targets":[]})", "must have at least one target"},
      {R"({"retry":{"attempts":"3"}})",
       "path: config.retry.attempts, message: must be a whole number"},
      {R"({"retry":{"attempts":1,"on_status_codes":[42]}})", "config.retry.on_status_codes[0]"},
      {R"({"cache":"fast"})", "must be simple or semantic"},
      {R"({"cb_config":{"cooldown_interval":5}})", "config.cb_config.cooldown_interval"},
      {R"({"strategy":{"mode":"loadbalance"},"targets":[{"weight":0},{"weight":0}]})",
       "must have a target with a weight above 0"},
      {R"({"strategy":{"mode":"loadbalance"},"targets":[{"weight":-1}]})",
       "path: config.targets[0].weight"},
      {R"({"strategy":{"mode":"conditional","conditions":[{"query":{"params.a":{"$is":1}}}]},
           "targets":[{}]})",
       "Unsupported operator used in the query router: $is"},
      {R"({"strategy":{"mode":"conditional","conditions":[{"query":{"color":1},"then":"a"}]},
           "targets":[{}]})",
       "must be a query over metadata.*, params.* or url.pathname"},
      {R"({"options":[]})", "Please migrate to the latest version"},
      {R"({"forward_headers":["Metadata-Flavor"]})", "must not contain 'Metadata-Flavor'"},
      {R"({"input_guardrails":["g"]})", "would not be run"}};
  for (const auto& [json, expected] : kCases) {
    const std::string message = refusal_of(json);
    EXPECT_NE(message.find(expected), std::string::npos) << json << " -> " << message;
  }
}

TEST(ParsePlan, ReportsAllProblemsAtOnce) {
  const std::string message = refusal_of(R"({"retry":{"attempts":-1},"request_timeout":"x"})");
  EXPECT_NE(message.find("config.retry.attempts"), std::string::npos);
  EXPECT_NE(message.find("config.request_timeout"), std::string::npos);
}

TEST(ParsePlan, ToleratesUnknownKeysOfARequestAndReportsThoseOfASavedConfig) {
  constexpr std::string_view kJson = R"({"provider":"openai","colour":"red"})";
  EXPECT_EQ(parsed(kJson).root.provider, "openai");
  PlanProblems problems;
  read_saved_plan(*json::parse(kJson), "pc-a", problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].path, "config.colour");
}

TEST(ParsePlan, NestsToABoundedDepth) {
  std::string json = R"({"provider":"a"})";
  for (int depth = 0; depth < 16; ++depth) {
    json = R"({"strategy":{"mode":"single"},"targets":[)" + json + "]}";
  }
  parsed(json);
  EXPECT_NE(refusal_of(R"({"strategy":{"mode":"single"},"targets":[)" + json + "]}").find("deeper"),
            std::string::npos);
}

TEST(ParsePlan, LetsAConfigsRetryWinOverTheHeaders) {
  PlanDefaults defaults;
  defaults.retry = exchange::RetryRules{};
  defaults.retry->attempts = 4;
  EXPECT_EQ(parse_plan(R"({"provider":"a"})", defaults)->root.retry->attempts, 4U);
  EXPECT_EQ(parse_plan(R"({"retry":{"attempts":1}})", defaults)->root.retry->attempts, 1U);
}

TEST(ParseRetry, ReadsPortkeysAndLangroidsWords) {
  const auto langroid = parse_retry_field(R"({"max_retries":9,"backoff":"linear","jitter":true})");
  ASSERT_TRUE(langroid);
  EXPECT_EQ(langroid->attempts, 5U) << "cut, not refused";
  EXPECT_EQ(langroid->backoff, exchange::Backoff::linear);
  EXPECT_TRUE(langroid->has_jitter);
  const auto portkey =
      parse_retry_field(R"({"attempts":2,"on_status_codes":[418],"use_retry_after_header":false})");
  ASSERT_TRUE(portkey);
  EXPECT_EQ(portkey->on_status_codes, std::vector<int>{418});
  EXPECT_EQ(portkey->retry_after, exchange::RetryAfter::ignored);
  EXPECT_EQ(parse_retry_field("{}")->attempts, 0U);
  EXPECT_FALSE(parse_retry_field("5"));
  EXPECT_FALSE(parse_retry_field(R"({"backoff":"square"})"));
}

TEST(ParseStrategy, TakesStickySessionsOnlyWhenTheyAreEnabled) {
  const auto sticky = [](std::string_view json) {
    return parsed(R"({"strategy":{"mode":"loadbalance","sticky":)" + std::string(json) +
                  R"(},"targets":[{}]})")
        .root.strategy->sticky;
  };
  EXPECT_FALSE(sticky(R"({"hash_fields":["metadata.u"]})"));
  const auto on = sticky(R"({"enabled":true,"hash_fields":["metadata.u"],"ttl":60})");
  ASSERT_TRUE(on);
  EXPECT_EQ(on->ttl, std::chrono::seconds{60});
}

TEST(ParseStrategy, ReadsHedges) {
  const auto hedge = [](std::string_view json) {
    return parsed(R"({"strategy":{"mode":"fallback","hedge":)" + std::string(json) +
                  R"(},"targets":[{}]})")
        .root.strategy->hedge;
  };
  EXPECT_EQ(hedge(R"({"after":700,"max_share":0.1})")->after, std::chrono::milliseconds{700});
  EXPECT_FALSE(hedge(R"({"after":"p95"})")->after);
}

}  // namespace
}  // namespace gatehouse::config
