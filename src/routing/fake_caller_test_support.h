// A Caller whose targets do what a test says, on a loop whose clock stands still until it is moved.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "async/loop.h"
#include "async/until.h"
#include "json/scan.h"
#include "routing/retry_policy.h"
#include "routing/run_plan.h"

namespace gatehouse::routing {

inline std::string text_chunk(std::string_view id, std::string_view text) {
  return R"(data: {"id":")" + std::string(id) + R"(","choices":[{"index":0,"delta":{"content":)" +
         json::quote(text) + "},\"finish_reason\":null}]}\n\n";
}
inline std::string role_chunk(std::string_view id) {
  return R"(data: {"id":")" + std::string(id) +
         R"(","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})" + "\n\n";
}
inline std::string finish_chunk(std::string_view id) {
  return R"(data: {"id":")" + std::string(id) +
         R"(","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})" + "\n\n";
}
inline const std::string kDone = "data: [DONE]\n\n";

/// What one call comes to.
struct Act {
  int status = 200;  // 0: no answer at all; a failure of the network
  FailureKind kind = FailureKind::ordinary;
  std::optional<Milliseconds> retry_after;
  Milliseconds delay{};             // before the head of the answer
  std::vector<std::string> pieces;  // of the body
  Milliseconds pause{};             // before each piece but the first
  enum class End : std::uint8_t { clean, cut, silent } end = End::clean;
  std::string content_type = "text/event-stream";
};

inline Act answers(std::string_view id, std::vector<std::string> words) {
  Act act;
  act.pieces.push_back(role_chunk(id));
  for (const std::string& word : words) act.pieces.push_back(text_chunk(id, word));
  act.pieces.push_back(finish_chunk(id));
  act.pieces.push_back(kDone);
  return act;
}
inline Act fails(int status, FailureKind kind = FailureKind::ordinary) {
  Act act;
  act.status = status;
  act.kind = kind;
  return act;
}
/// Says the words and then ends as told.
inline Act breaks(std::string_view id, std::vector<std::string> words, Act::End end) {
  Act act = answers(id, std::move(words));
  act.pieces.resize(act.pieces.size() - 2);
  act.end = end;
  return act;
}

inline http::Stream<http::Chunk> body_of(Act act) {
  bool is_first = true;
  for (std::string& piece : act.pieces) {
    if (!is_first && act.pause.count() > 0) co_await async::sleep_for(act.pause);
    is_first = false;
    co_yield async::make_chunk(std::move(piece));
  }
  if (act.end == Act::End::silent) co_await async::sleep_for(std::chrono::hours{1});
  if (act.end == Act::End::cut) {
    co_await Result<void>(fail(upstream_error(ErrorCode::upstream_cut, "cut")));
  }
}

struct Call {
  std::string leaf;  // its path
  std::string reason;
  Milliseconds wait{};
  MonotonicTime at{};
  std::optional<Continuation> continuation;
};

class FakeCaller final : public Caller {
 public:
  /// The acts of a provider, one a call; the last one stays.
  std::map<std::string, std::deque<Act>> acts;
  std::map<std::string, exchange::Scalar, std::less<>> fields;
  std::vector<Call> calls;
  EventShape events = EventShape::chat;
  bool streams = true;
  bool repeats = true;
  std::vector<std::string> prefilled;  // providers that take a prefill

  Result<std::string> upstream_of(const exchange::PlanNode& leaf) override { return leaf.provider; }

  async::Task<attempt::AnswerPtr> call(const exchange::PlanNode& leaf, CallTerms terms) override {
    calls.push_back(
        {leaf.path, terms.reason, terms.wait, async::Loop::current().now(), terms.continuation});
    std::deque<Act>& queue = acts[leaf.provider];
    Act act = queue.front();
    if (queue.size() > 1) queue.pop_front();
    if (act.delay.count() > 0) co_await async::sleep_for(act.delay);
    if (act.status >= 400 || act.status == 0) {
      Error error = upstream_error(ErrorCode::upstream_status, "failed");
      error.upstream = UpstreamStatus{act.status, leaf.provider, {}, {}, {}};
      error.param = std::to_string(static_cast<int>(act.kind));
      error.retry_after = act.retry_after;
      co_return fail(std::move(error));
    }
    auto answer = std::make_unique<attempt::Answer>();
    answer->status = act.status;
    answer->content_type = act.content_type;
    answer->body = body_of(std::move(act));
    co_return std::move(answer);
  }

  Judgement judge(const Error& error) const override {
    Judgement judged;
    judged.retry_after = error.retry_after;
    judged.status = error.upstream ? error.upstream->status : 502;
    const bool is_network = judged.status == 0 || !error.upstream;
    if (error.upstream) judged.kind = static_cast<FailureKind>(std::stoi(error.param));
    if (is_network) judged.kind = FailureKind::network;
    if (judged.status == 0) judged.status = 503;
    return judged;
  }
  bool takes_prefill(const exchange::PlanNode& leaf) const override {
    return std::ranges::find(prefilled, leaf.provider) != prefilled.end();
  }
  std::optional<exchange::Scalar> field(std::string_view name) const override {
    const auto found = fields.find(name);
    if (found == fields.end()) return std::nullopt;
    return found->second;
  }
  EventShape shape() const override { return events; }
  bool is_streaming() const override { return streams; }
  bool can_repeat() const override { return repeats; }
};

/// A run of a plan, and what its client reads.
class RoutingTest : public testing::Test {
 protected:
  /// Leaves "a", "b", ... of a node with this mode.
  static exchange::PlanNode node_of(exchange::Mode mode, std::vector<std::string> providers) {
    exchange::PlanNode node;
    node.strategy.emplace().mode = mode;
    for (const std::string& provider : providers) {
      exchange::PlanNode leaf;
      leaf.path = "config.targets[" + std::to_string(node.targets.size()) + "]";
      leaf.provider = leaf.name = provider;
      node.targets.push_back(std::move(leaf));
    }
    return node;
  }

  void start(exchange::PlanNode root) {
    auto plan = std::make_shared<exchange::Plan>();
    plan->root = std::move(root);
    routed_.reset();
    text_.clear();
    end_.reset();
    loop_.spawn(run(RunInput{plan, caller_, memory_, random_, limits_}));
  }
  void pass(Milliseconds time) {
    constexpr Milliseconds kStep{10};
    for (Milliseconds done{0}; done < time; done += kStep) {
      clock_.advance(kStep);
      loop_.turn({});
    }
  }
  /// Runs it to its end, at most two minutes of the fake clock.
  void run_to_end(exchange::PlanNode root) {
    start(std::move(root));
    for (int step = 0; step < 12'000 && !end_; ++step) pass(Milliseconds{10});
    ASSERT_TRUE(end_) << "it hangs";
  }

  /// The text of the answer, from its chunks.
  std::string said() const {
    std::string all;
    std::size_t at = 0;
    while ((at = text_.find(R"("content":")", at)) != std::string::npos) {
      const std::size_t from = at + 10;
      std::size_t to = from + 1;
      while (text_[to] != '"' || text_[to - 1] == '\\') ++to;
      all += json::unescape(std::string_view(text_).substr(from, to + 1 - from)).value_or("?");
      at = to;
    }
    return all;
  }
  std::vector<std::string> called() const {
    std::vector<std::string> names;
    for (const Call& each : caller_->calls) names.push_back(each.leaf + " " + each.reason);
    return names;
  }
  int status() const {
    if (!routed_->answer) return caller_->judge(routed_->answer.error()).status;
    return (*routed_->answer)->status;
  }

  FakeClock clock_;
  async::Loop loop_{clock_};
  FastRandom random_{42};
  Memory memory_;
  Limits limits_;
  std::shared_ptr<FakeCaller> caller_ = std::make_shared<FakeCaller>();
  std::optional<Routed> routed_;
  std::string text_;                 // what the client has read
  std::optional<Result<void>> end_;  // how its stream ended

 private:
  async::Task<void> run(RunInput input) {
    routed_ = co_await run_plan(std::move(input));
    if (!routed_->answer) {
      end_ = std::unexpected(routed_->answer.error());
      co_return;
    }
    http::Stream<http::Chunk> body = std::move((*routed_->answer)->body);
    for (;;) {
      Result<http::Chunk*> next = co_await as_result(body.next());
      if (!next) end_ = std::unexpected(next.error());
      if (next && *next == nullptr) end_ = Result<void>();
      if (end_) co_return;
      text_ += (*next)->view();
    }
  }
};

}  // namespace gatehouse::routing
