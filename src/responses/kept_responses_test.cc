#include "responses/kept_responses.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse::responses {
namespace {

class FakeStore final : public ResponseStore {
 public:
  Result<void> put(const StoredResponse& response) override {
    if (!is_working)
      return std::unexpected(
          Error{ErrorCode::store, Origin::store, "The disk is full.", {}, {}, {}});
    kept.push_back(response.id);
    return {};
  }
  Result<std::optional<StoredResponse>> find(std::string_view /*id*/,
                                             std::string_view /*owner*/) override {
    return std::nullopt;
  }
  Result<bool> remove(std::string_view /*id*/, std::string_view /*owner*/) override {
    return false;
  }

  bool is_working = true;
  std::vector<std::string> kept;
};

class KeptResponsesTest : public testing::Test {
 protected:
  void keep(const char* id) {
    StoredResponse response;
    response.id = id;
    responses_.keep(response);
  }

  FakeStore store_;
  FakeClock clock_;
  std::vector<std::string> reports_;
  KeptResponses responses_{store_, clock_,
                           [this](const Error& error) { reports_.push_back(error.message); }};
};

TEST_F(KeptResponsesTest, WhatTheStoreTakesIsKeptAndNotSpokenOf) {
  keep("a");
  EXPECT_EQ(store_.kept, std::vector<std::string>{"a"});
  EXPECT_EQ(responses_.lost(), 0U);
  EXPECT_TRUE(reports_.empty());
}

TEST_F(KeptResponsesTest, WhatTheStoreRefusesIsCountedAndToldOnceAMinute) {
  store_.is_working = false;
  for (int i = 0; i < 5; ++i) keep("a");
  EXPECT_EQ(responses_.lost(), 5U);
  EXPECT_EQ(reports_, std::vector<std::string>{"The disk is full."});
  clock_.advance(KeptResponses::kReportPause);
  keep("a");
  EXPECT_EQ(reports_.size(), 2U);
  store_.is_working = true;
  keep("b");
  EXPECT_EQ(store_.kept, std::vector<std::string>{"b"});
}

}  // namespace
}  // namespace gatehouse::responses
