#include "routing/recover_stream.h"

#include "routing/fake_caller_test_support.h"

namespace gatehouse::routing {
namespace {

using exchange::Mode;
using std::chrono::seconds;

class RecoveryTest : public RoutingTest {
 protected:
  const std::vector<std::string> words_ = {"One",  " stream", " that", " never", " breaks",
                                           " for", " the",    " one",  " who",   " reads"};
  std::vector<std::string> first(std::size_t count) const {
    return {words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(count)};
  }
  std::vector<std::string> rest(std::size_t count) const {
    return {words_.begin() + static_cast<std::ptrdiff_t>(count), words_.end()};
  }
  std::string whole() const {
    std::string text;
    for (const std::string& word : words_) text += word;
    return text;
  }
  void expect_whole() {
    EXPECT_TRUE(*end_) << (*end_ ? "" : end_->error()->message);
    EXPECT_EQ(said(), whole());
    EXPECT_TRUE(text_.ends_with(kDone)) << text_;
    EXPECT_EQ(text_.find(kDone), text_.size() - kDone.size()) << "once";
    EXPECT_NE(text_.find(R"("finish_reason":"stop")"), std::string::npos);
    EXPECT_EQ(text_.find(R"("id":"b")"), std::string::npos) << "one stream has one id";
  }
};

TEST_F(RecoveryTest, ContinuesWithTheNextTargetWhereverTheStreamBreaks) {
  for (std::size_t at = 1; at < words_.size(); ++at) {
    for (const Act::End end : {Act::End::cut, Act::End::clean}) {
      caller_->acts["a"] = {breaks("a", first(at), end)};
      caller_->acts["b"] = {answers("b", rest(at))};
      run_to_end(node_of(Mode::fallback, {"a", "b"}));
      expect_whole();
    }
  }
  EXPECT_EQ(memory_.counts.seams, 2 * (words_.size() - 1));
}

TEST_F(RecoveryTest, LeavesOutWhatTheNextTargetRepeats) {
  for (std::size_t at = 1; at < words_.size(); ++at) {
    caller_->acts["a"] = {breaks("a", first(at), Act::End::cut)};
    caller_->acts["b"] = {answers("b", words_)};
    run_to_end(node_of(Mode::fallback, {"a", "b"}));
    expect_whole();
  }
}

TEST_F(RecoveryTest, TakesUpAStreamThatFallsSilent) {
  caller_->acts["a"] = {breaks("a", first(4), Act::End::silent)};
  caller_->acts["b"] = {answers("b", rest(4))};
  start(node_of(Mode::fallback, {"a", "b"}));
  pass(seconds{19});
  EXPECT_FALSE(end_);
  pass(seconds{2});
  ASSERT_TRUE(end_);
  expect_whole();
}

TEST_F(RecoveryTest, PrefillsWhereThatIsTakenAndAsksWhereItIsRefused) {
  caller_->prefilled = {"b"};
  caller_->acts["a"] = {breaks("a", first(4), Act::End::cut)};
  caller_->acts["b"] = {answers("b", rest(4))};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  expect_whole();
  EXPECT_EQ(caller_->calls.back().continuation->by, ContinueBy::prefill);
  EXPECT_EQ(caller_->calls.back().continuation->text, "One stream that never");

  caller_->acts["a"] = {breaks("a", first(4), Act::End::cut)};
  caller_->acts["b"] = {fails(400), answers("b", words_)};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  expect_whole();
  EXPECT_EQ(caller_->calls.back().reason, "restart");
  EXPECT_EQ(caller_->calls.back().continuation->by, ContinueBy::asking);
}

TEST_F(RecoveryTest, GoesFromTargetToTarget) {
  caller_->acts["a"] = {breaks("a", first(2), Act::End::cut)};
  caller_->acts["b"] = {breaks("b", {" that", " never"}, Act::End::cut)};
  caller_->acts["c"] = {fails(500)};
  caller_->acts["d"] = {answers("b", rest(4))};
  run_to_end(node_of(Mode::fallback, {"a", "b", "c", "d"}));
  expect_whole();
  EXPECT_EQ(memory_.counts.seams, 2U);
}

TEST_F(RecoveryTest, ReportsTheFirstFailureWhenNobodyCanGoOn) {
  caller_->acts["a"] = {breaks("a", first(4), Act::End::cut)};
  caller_->acts["b"] = {fails(500)};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  ASSERT_FALSE(*end_) << "a truncated answer never ends cleanly";
  EXPECT_EQ(end_->error()->message, "cut");
}

TEST_F(RecoveryTest, DoesNotTakeUpAHalfToolCall) {
  Act act = breaks("a", first(1), Act::End::cut);
  act.pieces.push_back(
      R"(data: {"id":"a","choices":[{"index":0,"delta":{"tool_calls":[{"index":0}]}}]})"
      "\n\n");
  caller_->acts["a"] = {act};
  caller_->acts["b"] = {answers("b", words_)};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  EXPECT_FALSE(*end_);
  EXPECT_EQ(caller_->calls.size(), 1U);
}

TEST_F(RecoveryTest, SkipsAnEventThatIsNoJsonAndCountsIt) {
  Act act = answers("b", words_);
  act.pieces.insert(act.pieces.begin() + 3, "data: {\"id\":\"b\",\"choices\":[{\"delta\":\n\n");
  for (std::string& piece : act.pieces) {
    if (const std::size_t at = piece.find("\"b\""); at != std::string::npos) piece[at + 1] = 'a';
  }
  caller_->acts["a"] = {act};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  expect_whole();
  EXPECT_EQ(memory_.counts.skipped_events, 1U);
}

TEST_F(RecoveryTest, EndsAtOnceAndWithTheSentinelWhenTheAnswerIsWhole) {
  for (const Act::End end : {Act::End::clean, Act::End::cut}) {
    Act act = answers("a", words_);
    act.pieces.pop_back();
    act.end = end;
    caller_->acts["a"] = {act};
    run_to_end(node_of(Mode::fallback, {"a", "b"}));
    expect_whole();
    EXPECT_EQ(memory_.counts.seams, 0U);
  }
}

TEST_F(RecoveryTest, PassesAHealthyStreamByteForByte) {
  const Act act = answers("a", words_);
  std::string all;
  for (const std::string& piece : act.pieces) all += piece;
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, all.size()}) {
    Act cut;
    for (std::size_t at = 0; at < all.size(); at += size)
      cut.pieces.push_back(all.substr(at, size));
    caller_->acts["a"] = {cut};
    run_to_end(node_of(Mode::fallback, {"a", "b"}));
    EXPECT_EQ(text_, all) << size;
  }
}

TEST_F(RecoveryTest, IsOffWhenSwitchedOff) {
  limits_.recovers_streams = false;
  caller_->acts["a"] = {breaks("a", first(4), Act::End::cut)};
  run_to_end(node_of(Mode::fallback, {"a", "b"}));
  EXPECT_FALSE(*end_);
  EXPECT_EQ(caller_->calls.size(), 1U);
}

}  // namespace
}  // namespace gatehouse::routing
