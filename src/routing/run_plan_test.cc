#include "routing/run_plan.h"

#include "routing/fake_caller_test_support.h"

namespace gatehouse::routing {
namespace {

using exchange::Mode;
using exchange::PlanNode;
using exchange::RetryRules;
using std::chrono::seconds;

using Names = std::vector<std::string>;

void retry(PlanNode& leaf, std::uint32_t attempts) { leaf.retry.emplace().attempts = attempts; }

class RunPlanTest : public RoutingTest {};

TEST_F(RunPlanTest, FallsBackInOrderUntilOneAnswers) {
  caller_->acts["a"] = {fails(500)};
  caller_->acts["b"] = {fails(0)};
  caller_->acts["c"] = {answers("c", {"hello"})};
  run_to_end(node_of(Mode::fallback, {"a", "b", "c"}));
  EXPECT_EQ(called(), Names({"config.targets[0] first", "config.targets[1] fallback",
                             "config.targets[2] fallback"}));
  EXPECT_EQ(said(), "hello");
  EXPECT_EQ(routed_->option_index, "config.targets[2]");
  EXPECT_EQ(routed_->retries, 0);
}

TEST_F(RunPlanTest, ReturnsTheLastFailureWhenAllFail) {
  caller_->acts["a"] = {fails(500)};
  caller_->acts["b"] = {fails(418)};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  EXPECT_EQ(status(), 418);
  EXPECT_EQ(routed_->option_index, "config.targets[1]");
}

TEST_F(RunPlanTest, StopsAtAStatusThatIsNotListed) {
  PlanNode node = node_of(Mode::fallback, {"a", "b"});
  node.strategy->on_status_codes = std::vector{429};
  caller_->acts["a"] = {fails(500)};
  caller_->acts["b"] = {answers("b", {"x"})};
  run_to_end(node);
  EXPECT_EQ(called().size(), 1U);
  EXPECT_EQ(status(), 500);
  caller_->acts["a"] = {fails(429)};
  run_to_end(node);
  EXPECT_EQ(status(), 200);
}

TEST_F(RunPlanTest, AsksTheNextAfterAContextThatIsTooLongButNotAfterARefusedContent) {
  PlanNode node = node_of(Mode::fallback, {"a", "b"});
  retry(node.targets[0], 2);
  node.targets[0].retry->on_status_codes = {400};
  caller_->acts["a"] = {fails(400, FailureKind::context_length)};
  caller_->acts["b"] = {answers("b", {"x"})};
  run_to_end(node);
  EXPECT_EQ(called(), Names({"config.targets[0] first", "config.targets[1] fallback"}));
  caller_->calls.clear();
  caller_->acts["a"] = {fails(400, FailureKind::content_filter)};
  run_to_end(node);
  EXPECT_EQ(called(), Names({"config.targets[0] first"}));
  EXPECT_EQ(status(), 400);
  node.strategy->on_status_codes = std::vector{400};
  run_to_end(node);
  EXPECT_EQ(status(), 200) << "whoever lists the status wants it";
}

TEST_F(RunPlanTest, LetsABugEndTheWholeChain) {
  caller_->acts["a"] = {fails(500, FailureKind::ends_all)};
  caller_->acts["b"] = {answers("b", {"x"})};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  EXPECT_EQ(called().size(), 1U);
}

TEST_F(RunPlanTest, SingleAndLoadbalanceDoNotFailOver) {
  for (const Mode mode : {Mode::single, Mode::loadbalance}) {
    caller_->calls.clear();
    caller_->acts["a"] = caller_->acts["b"] = {fails(500)};
    run_to_end(node_of(mode, {"a", "b"}));
    EXPECT_EQ(called().size(), 1U);
    EXPECT_EQ(status(), 500);
  }
}

TEST_F(RunPlanTest, NestsStrategiesAndNamesTheLeafByItsWholePath) {
  PlanNode inner = node_of(Mode::fallback, {"b", "c"});
  inner.targets[0].path = "config.targets[1].targets[0]";
  inner.targets[1].path = "config.targets[1].targets[1]";
  PlanNode node = node_of(Mode::fallback, {"a"});
  node.targets.push_back(inner);
  caller_->acts["a"] = caller_->acts["b"] = {fails(503)};
  caller_->acts["c"] = {answers("c", {"x"})};
  run_to_end(node);
  EXPECT_EQ(routed_->option_index, "config.targets[1].targets[1]");
}

TEST_F(RunPlanTest, ARouterThatLeadsNowhereEndsTheWholeRequest) {
  PlanNode node = node_of(Mode::fallback, {});
  PlanNode router = node_of(Mode::conditional, {"a"});
  router.strategy->default_target = "nobody";
  node.targets = {router, node_of(Mode::single, {"a"})};
  caller_->acts["a"] = {answers("a", {"x"})};
  run_to_end(node);
  ASSERT_FALSE(*end_);
  EXPECT_EQ(end_->error()->message, "No conditions passed in the query router");
  EXPECT_TRUE(called().empty());
}

TEST_F(RunPlanTest, DrawsByWeight) {
  PlanNode node = node_of(Mode::loadbalance, {"a", "b", "c"});
  node.targets[0].weight = 0.7;
  node.targets[1].weight = 0.3;
  node.targets[2].weight = 0;
  for (const char* name : {"a", "b", "c"}) caller_->acts[name] = {answers(name, {"x"})};
  constexpr int kDraws = 2000;
  for (int i = 0; i < kDraws; ++i) {
    start(node);
    loop_.turn({});
  }
  std::map<std::string, int> counts;
  for (const Call& each : caller_->calls) ++counts[each.leaf];
  // Three standard deviations: 3 * sqrt(2000 * 0.7 * 0.3) = 61.
  EXPECT_NEAR(counts["config.targets[0]"], 1400, 61);
  EXPECT_NEAR(counts["config.targets[1]"], 600, 61);
  EXPECT_EQ(counts["config.targets[2]"], 0);
}

TEST_F(RunPlanTest, KeepsASessionAtItsTargetUntilItExpires) {
  PlanNode node = node_of(Mode::loadbalance, {"a", "b"});
  node.strategy->sticky = exchange::Sticky{{"metadata.user"}, seconds{60}};
  for (const char* name : {"a", "b"}) caller_->acts[name] = {answers(name, {"x"})};
  std::map<std::string, int> sessions;
  for (int user = 0; user < 50; ++user) {
    caller_->fields["metadata.user"] = std::string("u") + std::to_string(user);
    caller_->calls.clear();
    for (int i = 0; i < 4; ++i) {
      start(node);
      loop_.turn({});
    }
    for (const Call& each : caller_->calls) EXPECT_EQ(each.leaf, caller_->calls[0].leaf) << user;
    ++sessions[caller_->calls[0].leaf];
  }
  EXPECT_GT(sessions["config.targets[0]"], 5);
  EXPECT_GT(sessions["config.targets[1]"], 5);
}

TEST_F(RunPlanTest, RetriesWithPausesThatDouble) {
  PlanNode node = node_of(Mode::single, {"a"});
  retry(node.targets[0], 3);
  caller_->acts["a"] = {fails(500), fails(0), answers("a", {"x"})};
  run_to_end(node);
  ASSERT_EQ(called(), Names({"config.targets[0] first", "config.targets[0] retry",
                             "config.targets[0] retry"}));
  EXPECT_EQ(caller_->calls[1].wait, seconds{1});
  EXPECT_EQ(caller_->calls[2].wait, seconds{2});
  EXPECT_GE(caller_->calls[2].at - caller_->calls[1].at, seconds{2});
  EXPECT_EQ(routed_->retries, 2);
}

TEST_F(RunPlanTest, SaysThatEveryRetryWasUsedUp) {
  PlanNode node = node_of(Mode::single, {"a"});
  retry(node.targets[0], 2);
  caller_->acts["a"] = {fails(503)};
  run_to_end(node);
  EXPECT_EQ(called().size(), 3U);
  EXPECT_EQ(routed_->retries, -1);
  EXPECT_EQ(status(), 503);
}

TEST_F(RunPlanTest, DoesNotRetryAStatusThatIsNotListed) {
  PlanNode node = node_of(Mode::single, {"a"});
  retry(node.targets[0], 2);
  caller_->acts["a"] = {fails(401)};
  run_to_end(node);
  EXPECT_EQ(called().size(), 1U);
  EXPECT_EQ(routed_->retries, 0);
  node.targets[0].retry->on_status_codes.clear();
  caller_->acts["a"] = {fails(500)};
  run_to_end(node);
  EXPECT_EQ(called().size(), 2U) << "an empty list means never";
}

TEST_F(RunPlanTest, WaitsAsLongAsItIsAskedToAndNotForAMinute) {
  PlanNode node = node_of(Mode::fallback, {"a", "b"});
  retry(node.targets[0], 2);
  Act limited = fails(429);
  limited.retry_after = Milliseconds{2000};
  caller_->acts["a"] = {limited, answers("a", {"x"})};
  caller_->acts["b"] = {answers("b", {"x"})};
  run_to_end(node);
  EXPECT_EQ(routed_->option_index, "config.targets[0]");
  EXPECT_GE(caller_->calls[1].at - caller_->calls[0].at, seconds{2});
  limited.retry_after = seconds{90};
  caller_->acts["a"] = {limited};
  run_to_end(node);
  EXPECT_EQ(routed_->option_index, "config.targets[1]");
}

TEST_F(RunPlanTest, DoesNotAskASilentRouteAgainWhenThereIsAnother) {
  PlanNode node = node_of(Mode::fallback, {"a", "b"});
  retry(node.targets[0], 2);
  node.targets[0].retry->on_status_codes = {408};
  caller_->acts["a"] = {fails(408, FailureKind::silence)};
  caller_->acts["b"] = {answers("b", {"x"})};
  run_to_end(node);
  EXPECT_EQ(called(), Names({"config.targets[0] first", "config.targets[1] fallback"}));
  caller_->calls.clear();
  run_to_end(node_of(Mode::single, {"b"}));
  node.targets.pop_back();
  caller_->calls.clear();
  caller_->acts["a"] = {fails(408, FailureKind::silence), answers("a", {"x"})};
  run_to_end(node);
  EXPECT_EQ(called().size(), 2U) << "who has nobody else asks again";
}

TEST_F(RunPlanTest, TakesAStreamThatDiesBeforeItsFirstWordForAFailure) {
  Act mute = breaks("a", {}, Act::End::cut);
  caller_->acts["a"] = {mute};
  caller_->acts["b"] = {answers("b", {"x"})};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  EXPECT_EQ(said(), "x");
  EXPECT_EQ(text_.find("\"id\":\"a\""), std::string::npos) << "a role alone does not commit";
}

TEST_F(RunPlanTest, TakesAnErrorInAStreamAndADocumentThatIsNoneForFailures) {
  Act error;
  error.pieces = {"data: {\"error\":{\"message\":\"overloaded\"}}\n\n"};
  Act broken;
  broken.content_type = "application/json";
  broken.pieces = {"{\"id\": oops"};
  Act cut = broken;
  cut.pieces = {"{\"id\":\"x\""};
  cut.end = Act::End::cut;
  for (const Act& act : {error, broken, cut}) {
    caller_->acts["a"] = {act};
    caller_->acts["b"] = {answers("b", {"x"})};
    run_to_end(node_of(Mode::fallback, {"a", "b"}));
    EXPECT_EQ(said(), "x");
  }
}

TEST_F(RunPlanTest, LooksIntoNothingWhenThereIsNoOtherWay) {
  Act act;
  act.pieces = {"no events at all"};
  act.end = Act::End::cut;
  caller_->acts["a"] = {act};
  run_to_end(node_of(Mode::single, {"a"}));
  EXPECT_EQ(text_, "no events at all");
  EXPECT_FALSE(*end_);
}

TEST_F(RunPlanTest, AsksTheNextOneTooWhenTheFirstTokenDoesNotCome) {
  Act slow = answers("a", {"slow"});
  slow.pause = seconds{20};
  caller_->acts["a"] = {slow};
  caller_->acts["b"] = {answers("b", {"quick"})};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  EXPECT_EQ(said(), "quick");
  EXPECT_EQ(called(), Names({"config.targets[0] first", "config.targets[1] hedge"}));
  EXPECT_LT(clock_.now() - caller_->calls[0].at, seconds{12});
  EXPECT_EQ(memory_.counts.hedges, 1U);
}

TEST_F(RunPlanTest, LetsTheFirstWinWhenItIsQuickerAfterAll) {
  Act slow = answers("a", {"first"});
  slow.delay = seconds{12};
  Act slower = answers("b", {"second"});
  slower.delay = seconds{12};
  caller_->acts["a"] = {slow};
  caller_->acts["b"] = {slower};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  EXPECT_EQ(said(), "first");
}

TEST_F(RunPlanTest, GoesOnToTheThirdWhenBothOfAHedgeFail) {
  Act slow = fails(500);
  slow.delay = seconds{12};
  caller_->acts["a"] = caller_->acts["b"] = {slow};
  caller_->acts["c"] = {answers("c", {"x"})};
  run_to_end(node_of(Mode::fallback, {"a", "b", "c"}));
  EXPECT_EQ(called(), Names({"config.targets[0] first", "config.targets[1] hedge",
                             "config.targets[2] fallback"}));
  EXPECT_EQ(said(), "x");
}

TEST_F(RunPlanTest, HedgesAfterTheDelayThatAConfigNames) {
  PlanNode node = node_of(Mode::fallback, {"a", "b"});
  node.strategy->hedge = exchange::HedgeRules{Milliseconds{200}, 1};
  caller_->streams = false;
  Act slow = answers("a", {"slow"});
  slow.delay = seconds{5};
  caller_->acts["a"] = {slow};
  caller_->acts["b"] = {answers("b", {"quick"})};
  run_to_end(node);
  EXPECT_EQ(said(), "quick");
  EXPECT_LT(caller_->calls[1].at - caller_->calls[0].at, Milliseconds{250});
}

TEST_F(RunPlanTest, LeavesAFailingTargetAloneAndComesBackToIt) {
  const PlanNode node = node_of(Mode::fallback, {"a", "b"});
  caller_->acts["a"] = {fails(503)};
  caller_->acts["b"] = {answers("b", {"x"})};
  for (int i = 0; i < 20; ++i) run_to_end(node);
  const auto to_a = std::ranges::count(called(), std::string("config.targets[0] first"));
  EXPECT_EQ(to_a, 3) << "then its breaker is open";
  caller_->calls.clear();
  caller_->acts["a"] = {answers("a", {"well"})};
  pass(seconds{11});
  run_to_end(node);
  EXPECT_EQ(said(), "well");
}

TEST_F(RunPlanTest, AsksAllTheSameWhenEveryBreakerIsOpen) {
  const PlanNode node = node_of(Mode::single, {"a"});
  caller_->acts["a"] = {fails(503)};
  for (int i = 0; i < 5; ++i) run_to_end(node);
  EXPECT_EQ(called().size(), 5U);
}

TEST_F(RunPlanTest, TriesPrioritiesFromTheLowestAndCostsFromTheCheapest) {
  PlanNode node = node_of(Mode::priority, {"a", "b", "c"});
  node.targets[0].priority = 2;
  node.targets[1].priority = 1;
  node.targets[2].priority = 3;
  node.targets[0].cost = 2;
  node.targets[1].cost = 3;
  node.targets[2].cost = 1;
  for (const char* name : {"a", "b", "c"}) caller_->acts[name] = {fails(500)};
  run_to_end(node);
  EXPECT_EQ(called(), Names({"config.targets[1] first", "config.targets[0] fallback",
                             "config.targets[2] fallback"}));
  caller_->calls.clear();
  node.strategy->mode = Mode::least_cost;
  run_to_end(node);
  EXPECT_EQ(called(), Names({"config.targets[2] first", "config.targets[0] fallback",
                             "config.targets[1] fallback"}));
}

TEST_F(RunPlanTest, LearnsWhoIsQuickerAndSendsMostThere) {
  PlanNode node = node_of(Mode::least_latency, {"a", "b", "c"});
  for (const char* name : {"a", "b", "c"}) {
    caller_->acts[name] = {answers(name, {"x"})};
    caller_->acts[name].front().delay = *name == 'b' ? Milliseconds{20} : Milliseconds{400};
  }
  for (int i = 0; i < 60; ++i) run_to_end(node);
  std::map<std::string, int> counts;
  for (const Call& each : caller_->calls) ++counts[each.leaf];
  // Two of three pairs have it: two thirds of the draws, less what was learned at first.
  EXPECT_GT(counts["config.targets[1]"], 30);
  EXPECT_GT(counts["config.targets[0]"], 0);
}

TEST_F(RunPlanTest, SendsAnUploadOnceOnly) {
  PlanNode node = node_of(Mode::fallback, {"a", "b"});
  caller_->repeats = false;
  caller_->acts["a"] = {fails(500)};
  run_to_end(node);
  EXPECT_EQ(called().size(), 1U);
}

TEST_F(RunPlanTest, CancelsEverythingWhenItsClientLeaves) {
  Act slow = answers("a", {"x"});
  slow.delay = seconds{60};
  caller_->acts["a"] = caller_->acts["b"] = {slow};
  {
    async::Loop other(clock_);
    auto plan = std::make_shared<exchange::Plan>();
    plan->root = node_of(Mode::fallback, {"a", "b"});
    struct Holder {
      static async::Task<void> run(RunInput input) {
        Routed routed = co_await run_plan(std::move(input));
      }
    };
    other.spawn(Holder::run(RunInput{plan, caller_, memory_, random_, limits_}));
    clock_.advance(seconds{11});
    other.turn({});
    EXPECT_EQ(called().size(), 2U) << "both are under way";
  }
  EXPECT_EQ(caller_.use_count(), 1) << "and nothing holds on to them";
}

}  // namespace
}  // namespace gatehouse::routing
