// What every auth::KeyStore must do, as one suite. A store's test instantiates it with a type that
// has `auth::KeyStore& store()`.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "auth/key_store.h"
#include "base/clock.h"

namespace gatehouse::contract {

template <class Fixture>
class KeyStoreContract : public testing::Test {
 protected:
  auth::GatewayKey make(std::string name, std::chrono::seconds age = {}) {
    Result<auth::NewKey> made = auth::make_key({std::move(name), {}, {}, {}}, clock_.wall() - age);
    EXPECT_TRUE(made);
    return made->key;
  }
  auth::KeyStore& store() { return fixture_.store(); }

  Fixture fixture_;
  FakeClock clock_;
};

TYPED_TEST_SUITE_P(KeyStoreContract);

TYPED_TEST_P(KeyStoreContract, GivesBackEveryFieldOfAKey) {
  auth::GatewayKey key = this->make("laptop");
  key.scopes = {exchange::Scope::logs_view, exchange::Scope::admin};
  key.expires = key.created + std::chrono::days(30);
  key.source = auth::KeySource::first;
  ASSERT_TRUE(this->store().add(key));
  const Result<std::optional<auth::GatewayKey>> found = this->store().find(key.hash);
  ASSERT_TRUE(found && found->has_value());
  EXPECT_EQ((*found)->id, key.id);
  EXPECT_EQ((*found)->name, "laptop");
  EXPECT_EQ((*found)->hash, key.hash);
  EXPECT_EQ((*found)->hint, key.hint);
  EXPECT_EQ((*found)->scopes, key.scopes);
  EXPECT_EQ((*found)->created, key.created);
  EXPECT_EQ((*found)->expires, key.expires);
  EXPECT_EQ((*found)->revoked, std::nullopt);
  EXPECT_EQ((*found)->source, auth::KeySource::first);
}

TYPED_TEST_P(KeyStoreContract, ListsTheOldestFirst) {
  ASSERT_TRUE(this->store().add(this->make("new")));
  ASSERT_TRUE(this->store().add(this->make("old", std::chrono::hours(1))));
  const Result<std::vector<auth::GatewayKey>> keys = this->store().list();
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ((*keys)[0].name, "old");
  EXPECT_EQ((*keys)[1].name, "new");
}

TYPED_TEST_P(KeyStoreContract, FindsNothingForAnUnknownHash) {
  ASSERT_TRUE(this->store().add(this->make("one")));
  const Result<std::optional<auth::GatewayKey>> found = this->store().find(auth::hash_key("other"));
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
}

TYPED_TEST_P(KeyStoreContract, RefusesTheSameKeyTwice) {
  const auth::GatewayKey key = this->make("one");
  ASSERT_TRUE(this->store().add(key));
  auth::GatewayKey same_text = this->make("two");
  same_text.hash = key.hash;
  const Result<void> added = this->store().add(same_text);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error()->code, ErrorCode::store);
}

TYPED_TEST_P(KeyStoreContract, ARevokedKeyStaysListedWithTheTime) {
  const auth::GatewayKey key = this->make("one");
  ASSERT_TRUE(this->store().add(key));
  const WallTime first = this->clock_.wall();
  ASSERT_TRUE(this->store().revoke(key.id, first));
  this->clock_.advance(std::chrono::seconds(5));
  ASSERT_TRUE(this->store().revoke(key.id, this->clock_.wall()));
  const Result<std::vector<auth::GatewayKey>> keys = this->store().list();
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_EQ(keys->front().revoked, first);
}

TYPED_TEST_P(KeyStoreContract, RevokingAnUnknownKeyIsNotFound) {
  const Result<void> revoked = this->store().revoke("key_none", this->clock_.wall());
  ASSERT_FALSE(revoked);
  EXPECT_EQ(revoked.error()->code, ErrorCode::not_found);
}

TYPED_TEST_P(KeyStoreContract, SaysWhetherTheListHasChanged) {
  EXPECT_TRUE(*this->store().changed());
  ASSERT_TRUE(this->store().list());
  EXPECT_FALSE(*this->store().changed());
  const auth::GatewayKey key = this->make("one");
  ASSERT_TRUE(this->store().add(key));
  EXPECT_TRUE(*this->store().changed());
  ASSERT_TRUE(this->store().list());
  EXPECT_FALSE(*this->store().changed());
  ASSERT_TRUE(this->store().revoke(key.id, this->clock_.wall()));
  EXPECT_TRUE(*this->store().changed());
}

REGISTER_TYPED_TEST_SUITE_P(KeyStoreContract, GivesBackEveryFieldOfAKey, ListsTheOldestFirst,
                            FindsNothingForAnUnknownHash, RefusesTheSameKeyTwice,
                            ARevokedKeyStaysListedWithTheTime, RevokingAnUnknownKeyIsNotFound,
                            SaysWhetherTheListHasChanged);

}  // namespace gatehouse::contract
