// What every responses::ResponseStore must do, as one suite. A store's test instantiates it with a
// type that has `responses::ResponseStore& store()`.
#pragma once

#include <gtest/gtest.h>

#include "responses/response_store.h"

namespace gatehouse::contract {

template <class Fixture>
class ResponseStoreContract : public testing::Test {
 protected:
  responses::ResponseStore& store() { return fixture_.store(); }
  void put(std::string id, std::string owner, WallTime created = clock_.wall()) {
    ASSERT_TRUE(store().put({std::move(id), std::move(owner), created, "[1]", "{}"}));
  }
  bool has(std::string_view id, std::string_view owner) {
    const auto found = store().find(id, owner);
    EXPECT_TRUE(found.has_value());
    return found && found->has_value();
  }

  Fixture fixture_;
  static inline FakeClock clock_;
};

TYPED_TEST_SUITE_P(ResponseStoreContract);

TYPED_TEST_P(ResponseStoreContract, GivesBackWhatWasPut) {
  const responses::StoredResponse put{"resp_1", "key_a", this->clock_.wall(),
                                      R"([{"role":"user"}])",
                                      "{\"id\":\"resp_1\",\"x\":\"\xC3\xA4\"}"};
  ASSERT_TRUE(this->store().put(put));
  const auto found = this->store().find("resp_1", "key_a");
  ASSERT_TRUE(found && found->has_value());
  EXPECT_EQ((*found)->input, put.input);
  EXPECT_EQ((*found)->body, put.body);
  EXPECT_EQ((*found)->created, put.created);
}

TYPED_TEST_P(ResponseStoreContract, TellsAResponseToItsOwnerAlone) {
  this->put("resp_1", "key_a");
  EXPECT_TRUE(this->has("resp_1", "key_a"));
  EXPECT_FALSE(this->has("resp_1", "key_b"));
  EXPECT_FALSE(this->has("resp_1", ""));
  EXPECT_FALSE(*this->store().remove("resp_1", "key_b"));
  EXPECT_TRUE(this->has("resp_1", "key_a"));
}

TYPED_TEST_P(ResponseStoreContract, ReplacesAResponseWithTheSameId) {
  this->put("resp_1", "key_a");
  ASSERT_TRUE(this->store().put({"resp_1", "key_a", this->clock_.wall(), "[2]", "{}"}));
  EXPECT_EQ((*this->store().find("resp_1", "key_a"))->input, "[2]");
}

TYPED_TEST_P(ResponseStoreContract, RemovesOnce) {
  this->put("resp_1", "key_a");
  EXPECT_TRUE(*this->store().remove("resp_1", "key_a"));
  EXPECT_FALSE(*this->store().remove("resp_1", "key_a"));
  EXPECT_FALSE(this->has("resp_1", "key_a"));
}

TYPED_TEST_P(ResponseStoreContract, ForgetsWhatIsTooOld) {
  const WallTime now = this->clock_.wall();
  this->put("old", "key_a", now - responses::kKept - std::chrono::seconds(1));
  this->put("young", "key_a", now - responses::kKept + std::chrono::seconds(1));
  this->put("new", "key_a", now);
  EXPECT_FALSE(this->has("old", "key_a"));
  EXPECT_TRUE(this->has("young", "key_a"));
}

REGISTER_TYPED_TEST_SUITE_P(ResponseStoreContract, GivesBackWhatWasPut,
                            TellsAResponseToItsOwnerAlone, ReplacesAResponseWithTheSameId,
                            RemovesOnce, ForgetsWhatIsTooOld);

}  // namespace gatehouse::contract
