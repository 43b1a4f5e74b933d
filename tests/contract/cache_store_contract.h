// What every cache::CacheStore must do, as one suite. A store's test instantiates it with a type
// that has `cache::CacheStore& store()`, bounded in kCacheBound bytes.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "cache/cache_store.h"

namespace gatehouse::contract {

inline constexpr std::size_t kCacheBound = std::size_t{512} * 1024;

template <class Fixture>
class CacheStoreContract : public testing::Test {
 protected:
  static cache::Key key_of(std::string_view name) { return cache::KeyParts().with(name); }

  cache::Entry entry_of(std::string body) const {
    cache::Entry entry;
    entry.body = std::move(body);
    entry.created = clock_.wall();
    entry.expires = clock_.wall() + std::chrono::hours(1);
    return entry;
  }
  void put(std::string_view name, cache::Entry entry) {
    const cache::Kept kept{key_of(name), std::make_shared<const cache::Entry>(std::move(entry))};
    const Result<void> put = store().put({&kept, 1});
    ASSERT_TRUE(put) << put.error()->message;
  }
  cache::EntryPtr find(std::string_view name) {
    const Result<cache::EntryPtr> found = store().find(key_of(name), clock_.wall());
    EXPECT_TRUE(found) << found.error()->message;
    return found ? *found : nullptr;
  }
  std::set<cache::Key> keys() {
    std::set<cache::Key> all;
    EXPECT_TRUE(store().visit_keys([&](const cache::Key& key) { all.insert(key); }));
    return all;
  }
  cache::CacheStore& store() { return fixture_.store(); }

  Fixture fixture_;
  FakeClock clock_;
};

TYPED_TEST_SUITE_P(CacheStoreContract);

TYPED_TEST_P(CacheStoreContract, GivesBackEveryFieldOfAnEntry) {
  cache::Entry entry = this->entry_of(std::string("{\"a\":\"\0\xFF\"}", 9));
  entry.scope = this->key_of("scope");
  entry.vector = {0.6F, -0.8F, 0.0F};
  this->put("one", entry);
  const cache::EntryPtr found = this->find("one");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->body, entry.body);
  EXPECT_EQ(found->created, entry.created);
  EXPECT_EQ(found->expires, entry.expires);
  EXPECT_EQ(found->scope, entry.scope);
  EXPECT_EQ(found->vector, entry.vector);
}

TYPED_TEST_P(CacheStoreContract, FindsNothingUnderAnotherKey) {
  this->put("one", this->entry_of("{}"));
  EXPECT_EQ(this->find("two"), nullptr);
}

TYPED_TEST_P(CacheStoreContract, ReplacesAnEntryByALaterOne) {
  this->put("one", this->entry_of("old"));
  this->put("one", this->entry_of("new"));
  ASSERT_NE(this->find("one"), nullptr);
  EXPECT_EQ(this->find("one")->body, "new");
  EXPECT_EQ(this->keys().size(), 1U);
}

TYPED_TEST_P(CacheStoreContract, ForgetsAnEntryAtItsTime) {
  this->put("one", this->entry_of("{}"));
  this->clock_.advance(std::chrono::hours(1) - std::chrono::microseconds(1));
  EXPECT_NE(this->find("one"), nullptr);
  this->clock_.advance(std::chrono::microseconds(1));
  EXPECT_EQ(this->find("one"), nullptr);
}

TYPED_TEST_P(CacheStoreContract, TidyingRemovesWhatHasExpiredAndNothingElse) {
  this->put("old", this->entry_of("{}"));
  this->clock_.advance(std::chrono::minutes(59));
  this->put("young", this->entry_of("{}"));
  EXPECT_FALSE(*this->store().tidy(this->clock_.wall()));
  this->clock_.advance(std::chrono::minutes(2));
  EXPECT_TRUE(*this->store().tidy(this->clock_.wall()));
  EXPECT_EQ(this->keys(), std::set{this->key_of("young")});
}

TYPED_TEST_P(CacheStoreContract, StaysWithinItsBoundAndLetsTheOldestGoFirst) {
  const int count = 3 * static_cast<int>(kCacheBound / 1024);
  for (int i = 0; i < count; ++i) {
    this->put(std::to_string(i), this->entry_of(std::string(1024, 'x')));
  }
  ASSERT_TRUE(this->store().tidy(this->clock_.wall()));
  const std::size_t left = this->keys().size();
  EXPECT_LT(left, kCacheBound / 1024);
  EXPECT_GT(left, kCacheBound / 1024 / 4);
  EXPECT_EQ(this->find("0"), nullptr);
  EXPECT_NE(this->find(std::to_string(count - 1)), nullptr);
}

TYPED_TEST_P(CacheStoreContract, VisitsTheVectorsOfWhatHasNotExpired) {
  cache::Entry meant = this->entry_of("body");
  meant.scope = this->key_of("scope");
  meant.vector = {1.0F, 0.0F};
  this->put("old", meant);
  this->clock_.advance(std::chrono::minutes(30));
  meant.expires = this->clock_.wall() + std::chrono::hours(1);
  this->put("meant", meant);
  this->put("plain", this->entry_of("{}"));
  this->clock_.advance(std::chrono::minutes(40));
  std::vector<cache::Key> seen;
  const auto visit = [&](const cache::Key& key, const cache::Entry& entry) {
    seen.push_back(key);
    EXPECT_EQ(entry.scope, meant.scope);
    EXPECT_EQ(entry.vector, meant.vector);
    EXPECT_TRUE(entry.body.empty());
  };
  ASSERT_TRUE(this->store().visit_vectors(this->clock_.wall(), visit));
  EXPECT_EQ(seen, std::vector{this->key_of("meant")});
}

TYPED_TEST_P(CacheStoreContract, ServesSeveralThreadsAtOnce) {
  constexpr int kRounds = 50;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < kRounds; ++i) {
        const std::string name = std::to_string(thread) + "/" + std::to_string(i);
        this->put(name, this->entry_of(name));
        const cache::EntryPtr found = this->find(name);
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->body, name);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(this->keys().size(), std::size_t{4} * kRounds);
}

REGISTER_TYPED_TEST_SUITE_P(CacheStoreContract, GivesBackEveryFieldOfAnEntry,
                            FindsNothingUnderAnotherKey, ReplacesAnEntryByALaterOne,
                            ForgetsAnEntryAtItsTime, TidyingRemovesWhatHasExpiredAndNothingElse,
                            StaysWithinItsBoundAndLetsTheOldestGoFirst,
                            VisitsTheVectorsOfWhatHasNotExpired, ServesSeveralThreadsAtOnce);

}  // namespace gatehouse::contract
