#include "dialects/encode_ledger.h"

#include <gtest/gtest.h>

namespace gatehouse::dialects {
namespace {

class EncodeLedgerTest : public testing::Test {
 protected:
  llm::Call call_;
  EncodeTarget target_{.provider = "cohere", .model = "m"};
};

TEST_F(EncodeLedgerTest, DroppedParametersAreListedOnce) {
  EncodeLedger ledger(call_, target_);
  ledger.drop("seed");
  ledger.drop("seed");
  const auto closed = ledger.close({});
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->dropped, std::vector<std::string>{"seed"});
}

TEST_F(EncodeLedgerTest, ARefusalNamesParameterProviderAndTheWayOut) {
  EncodeLedger ledger(call_, target_);
  ledger.refuse("n", "it gives one answer at a time");
  ledger.refuse("logprobs", "later problems do not hide the first");
  const auto closed = ledger.close({});
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error()->code, ErrorCode::invalid_request);
  EXPECT_EQ(closed.error()->origin, Origin::client);
  EXPECT_EQ(closed.error()->param, "n");
  EXPECT_NE(closed.error()->message.find("cohere"), std::string::npos);
  EXPECT_NE(closed.error()->message.find("drop_params"), std::string::npos);
}

TEST_F(EncodeLedgerTest, DropParamsTurnsARefusalIntoADrop) {
  call_.unsupported = llm::UnsupportedParams::drop;
  EncodeLedger ledger(call_, target_);
  ledger.refuse("n", "…");
  const auto closed = ledger.close({});
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->dropped, std::vector<std::string>{"n"});
}

TEST_F(EncodeLedgerTest, DropParamsDoesNotMakeAWrongCallRight) {
  call_.unsupported = llm::UnsupportedParams::drop;
  EncodeLedger ledger(call_, target_);
  ledger.fail_with("messages", "…");
  EXPECT_FALSE(ledger.close({}));
}

TEST_F(EncodeLedgerTest, UnknownMembersAreDroppedUnlessTheEncoderAskedForThem) {
  call_.unknown = {{"documents", "[1]"}, {"foo", "2"}};
  EncodeLedger ledger(call_, target_);
  EXPECT_EQ(ledger.extension("documents"), "[1]");
  EXPECT_EQ(ledger.extension("absent"), "");
  ledger.drop_unknown();
  EXPECT_EQ(ledger.close({})->dropped, std::vector<std::string>{"foo"});
}

}  // namespace
}  // namespace gatehouse::dialects
