#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "async/stream.h"
#include "async/task.h"

namespace gatehouse::async {
namespace {

// An operation that a test finishes by hand.
struct Gate {
  Waiter* waiter = nullptr;
  std::optional<Result<int>> outcome;
  int cancelled = 0;

  void open(Result<int> result) {
    outcome = std::move(result);
    Waiter& waiting = *std::exchange(waiter, nullptr);
    waiting.done(waiting).resume();
  }
};

class Pass {
 public:
  explicit Pass(Gate& gate) : gate_(&gate) {}
  Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
  ~Pass() {
    if (gate_ != nullptr && gate_->waiter != nullptr) {
      gate_->waiter = nullptr;
      ++gate_->cancelled;
    }
  }
  bool start(Waiter& waiter) {
    if (gate_->outcome) return false;
    gate_->waiter = &waiter;
    return true;
  }
  Result<int> take() { return *gate_->outcome; }

 private:
  Gate* gate_;
};

// Runs a task from outside any coroutine.
template <class T>
struct Root : Waiter {
  explicit Root(Task<T> t) : Waiter(&on_done), task(std::move(t)) {
    if (!task.start(*this)) outcome = task.take();
  }
  static std::coroutine_handle<> on_done(Waiter& waiter) noexcept {
    auto& self = static_cast<Root&>(waiter);
    self.outcome = self.task.take();
    return std::noop_coroutine();
  }
  Task<T> task;
  std::optional<Result<T>> outcome;
};

struct Flag {
  explicit Flag(int& counter) : counter_(&counter) {}
  Flag(Flag&& other) noexcept : counter_(std::exchange(other.counter_, nullptr)) {}
  ~Flag() {
    if (counter_ != nullptr) ++*counter_;
  }
  int* counter_;
};

Task<int> wait_for(Gate& gate, Flag /*held*/) { co_return co_await Pass(gate); }

Task<int> add_one(Gate& gate, int& destroyed) {
  Flag local(destroyed);
  const int value = co_await wait_for(gate, Flag(destroyed));
  co_return value + 1;
}

TEST(Task, GivesItsValueThroughEveryLevel) {
  Gate gate;
  int destroyed = 0;
  Root<int> root(add_one(gate, destroyed));
  EXPECT_FALSE(root.outcome);
  gate.open(41);
  ASSERT_TRUE(root.outcome);
  EXPECT_EQ(**root.outcome, 42);
  EXPECT_EQ(destroyed, 2);
}

TEST(Task, AnErrorEndsEveryAwaitingCoroutineAndDestroysItsLocals) {
  Gate gate;
  int destroyed = 0;
  Root<int> root(add_one(gate, destroyed));
  gate.open(fail(client_error(ErrorCode::client_gone, "left")));
  ASSERT_TRUE(root.outcome);
  EXPECT_EQ(root.outcome->error()->code, ErrorCode::client_gone);
  EXPECT_EQ(destroyed, 2);
}

TEST(Task, AnErrorThatIsThereAtOnceEndsTheCoroutineToo) {
  Gate gate;
  gate.outcome = fail(client_error(ErrorCode::not_found, "no"));
  int destroyed = 0;
  Root<int> root(add_one(gate, destroyed));
  ASSERT_TRUE(root.outcome);
  EXPECT_EQ(root.outcome->error()->code, ErrorCode::not_found);
  EXPECT_EQ(destroyed, 2);
}

TEST(Task, DestroyingItCancelsWhatItWaitsFor) {
  Gate gate;
  int destroyed = 0;
  {
    Root<int> root(add_one(gate, destroyed));
    EXPECT_EQ(destroyed, 0);
  }
  EXPECT_EQ(destroyed, 2);
  EXPECT_EQ(gate.cancelled, 1);
}

Task<int> catches(Gate& gate) {
  Result<int> result = co_await as_result(Pass(gate));
  co_return result ? *result : -1;
}

TEST(Task, AsResultLetsTheCallerLookAtTheError) {
  Gate gate;
  Root<int> root(catches(gate));
  gate.open(fail(client_error(ErrorCode::not_found, "no")));
  EXPECT_EQ(**root.outcome, -1);
}

Task<void> throws() {
  throw std::runtime_error("boom");
  co_return;
}

TEST(Task, AnExceptionBecomesAnInternalError) {
  Root<void> root(throws());
  EXPECT_EQ(root.outcome->error()->code, ErrorCode::internal);
  EXPECT_NE(root.outcome->error()->message.find("boom"), std::string::npos);
}

Stream<int> count_to(int limit, Flag /*held*/) {
  for (int i = 1; i <= limit; ++i) co_yield i;
}

Stream<int> doubled(Stream<int> in) {
  while (int* const value = co_await in.next()) co_yield *value * 2;
}

Task<long> sum(Stream<int> in) {
  long total = 0;
  while (int* const value = co_await in.next()) total += *value;
  co_return total;
}

TEST(Stream, FiltersComposeAndAMillionReadyValuesDoNotDeepenTheStack) {
  int destroyed = 0;
  Root<long> root(sum(doubled(count_to(1'000'000, Flag(destroyed)))));
  EXPECT_EQ(**root.outcome, 1'000'001'000'000L);
  EXPECT_EQ(destroyed, 1);
}

TEST(Stream, DroppedBeforeItsFirstReadStillDestroysItsParameters) {
  int destroyed = 0;
  {
    Stream<int> never_read = doubled(count_to(3, Flag(destroyed)));
    EXPECT_EQ(destroyed, 0);
  }
  EXPECT_EQ(destroyed, 1);
}

Stream<int> one_then_fails(Gate& gate) {
  co_yield 1;
  co_yield co_await Pass(gate);
}

TEST(Stream, AnErrorPassesThroughEveryFilterAndEndsTheReader) {
  Gate gate;
  Root<long> root(sum(doubled(doubled(one_then_fails(gate)))));
  gate.open(fail(upstream_error(ErrorCode::upstream_cut, "cut")));
  EXPECT_EQ(root.outcome->error()->code, ErrorCode::upstream_cut);
}

Task<int> reads_past_the_error(Stream<int> in) {
  Result<int*> first = co_await as_result(in.next());
  Result<int*> second = co_await as_result(in.next());
  Result<int*> third = co_await as_result(in.next());
  const bool ended = first && *first != nullptr && !second && third && *third == nullptr;
  co_return ended ? 1 : 0;
}

TEST(Stream, AfterAnErrorItIsAtItsEnd) {
  Gate gate;
  gate.outcome = fail(upstream_error(ErrorCode::upstream_cut, "cut"));
  Root<int> root(reads_past_the_error(one_then_fails(gate)));
  EXPECT_EQ(**root.outcome, 1);
}

}  // namespace
}  // namespace gatehouse::async
