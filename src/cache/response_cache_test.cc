#include "cache/response_cache.h"

#include <gtest/gtest.h>

#include <map>

namespace gatehouse::cache {
namespace {

using async::Task;
using std::chrono::hours;
using std::chrono::seconds;

/// A store of a few lines, which counts what it is asked and fails when told to.
class PlainStore final : public CacheStore {
 public:
  Result<EntryPtr> find(const Key& key, WallTime now) override {
    ++finds;
    if (is_broken) return fail(gateway_error(ErrorCode::store, "broken"));
    const auto found = entries.find(key);
    if (found == entries.end() || found->second->is_expired(now)) return EntryPtr();
    return found->second;
  }
  Result<void> put(std::span<const Kept> batch) override {
    if (is_broken) return fail(gateway_error(ErrorCode::store, "broken"));
    ++batches;
    for (const Kept& kept : batch) entries[kept.key] = kept.entry;
    return {};
  }
  Result<bool> tidy(WallTime /*now*/) override { return false; }
  Result<void> visit_keys(const std::function<void(const Key&)>& visit) override {
    for (const auto& [key, entry] : entries) visit(key);
    return {};
  }
  Result<void> visit_vectors(WallTime /*now*/,
                             const std::function<void(const Key&, Entry)>& visit) override {
    for (const auto& [key, entry] : entries) {
      if (!entry->vector.empty()) visit(key, *entry);
    }
    return {};
  }

  std::map<Key, EntryPtr> entries;
  int finds = 0;
  int batches = 0;
  bool is_broken = false;
};

const Key kKey = KeyParts().with("question");

class ResponseCacheTest : public testing::Test {
 protected:
  Entry entry_of(std::string body) const {
    Entry entry;
    entry.body = std::move(body);
    entry.created = clock_.wall();
    entry.expires = clock_.wall() + hours(1);
    return entry;
  }
  EntryPtr find(ResponseCache& cache, const Key& key = kKey, seconds max_age = hours(1)) {
    EntryPtr found;
    run(look(cache, key, max_age, found));
    return found;
  }
  Task<void> look(ResponseCache& cache, Key key, seconds max_age, EntryPtr& into) {
    into = co_await cache.find(key, max_age, background_);
  }
  /// To the end, however often a background thread has to be waited for.
  void run(Task<void> task) {
    loop_.spawn(std::move(task));
    while (loop_.spawned() > 0) loop_.turn(std::chrono::milliseconds(10));
  }

  FakeClock clock_;
  async::Loop loop_{clock_};
  PlainStore memory_;
  PlainStore lasting_;
  std::vector<CacheTrouble> reports_;
  async::Background background_{1};
};

TEST_F(ResponseCacheTest, GivesWhatWasKeptAtOnce) {
  ResponseCache cache(memory_, nullptr, clock_, {}, {});
  EXPECT_EQ(find(cache), nullptr);
  cache.keep(kKey, std::make_shared<const Entry>(entry_of("answer")));
  ASSERT_NE(find(cache), nullptr);
  EXPECT_EQ(find(cache)->body, "answer");
}

TEST_F(ResponseCacheTest, AClientMayWantNothingAsOldAsWhatIsThere) {
  ResponseCache cache(memory_, nullptr, clock_, {}, {});
  cache.keep(kKey, std::make_shared<const Entry>(entry_of("answer")));
  clock_.advance(seconds(30));
  EXPECT_NE(find(cache, kKey, seconds(31)), nullptr);
  EXPECT_EQ(find(cache, kKey, seconds(30)), nullptr);
}

TEST_F(ResponseCacheTest, WhatMemoryLostIsFoundInWhatLastsAndIsInMemoryAgain) {
  ResponseCache cache(memory_, &lasting_, clock_, {}, {});
  cache.keep(kKey, std::make_shared<const Entry>(entry_of("answer")));
  cache.flush();
  memory_.entries.clear();
  ASSERT_NE(find(cache), nullptr);
  EXPECT_EQ(memory_.entries.count(kKey), 1U);
}

TEST_F(ResponseCacheTest, AQuestionNeverAskedBeforeCostsNoLookAtWhatLasts) {
  lasting_.entries[KeyParts().with("another")] = std::make_shared<const Entry>(entry_of("answer"));
  ResponseCache cache(memory_, &lasting_, clock_, {}, {});
  EXPECT_EQ(find(cache), nullptr);
  EXPECT_EQ(lasting_.finds, 1) << "nobody has read yet what is there";
  cache.load();
  EXPECT_EQ(find(cache), nullptr);
  EXPECT_EQ(lasting_.finds, 1);
  EXPECT_NE(find(cache, KeyParts().with("another")), nullptr);
}

TEST_F(ResponseCacheTest, WhatIsKeptTogetherIsWrittenTogether) {
  ResponseCache cache(memory_, &lasting_, clock_, {}, {});
  for (int i = 0; i < 10; ++i) {
    cache.keep(KeyParts().with(std::to_string(i)),
               std::make_shared<const Entry>(entry_of("answer")));
  }
  cache.flush();
  EXPECT_EQ(lasting_.batches, 1);
  EXPECT_EQ(lasting_.entries.size(), 10U);
}

TEST_F(ResponseCacheTest, AStoreThatFailsIsAMissAndIsReportedOnceAMinute) {
  ResponseCache cache(memory_, &lasting_, clock_, {},
                      [this](const CacheTrouble& trouble) { reports_.push_back(trouble); });
  lasting_.is_broken = true;
  EXPECT_EQ(find(cache), nullptr);
  for (int i = 0; i < 3; ++i) {
    cache.keep(kKey, std::make_shared<const Entry>(entry_of("answer")));
    cache.flush();
  }
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_TRUE(reports_[0].error);
  EXPECT_NE(find(cache), nullptr) << "memory still has it";
  clock_.advance(std::chrono::minutes(1));
  cache.keep(kKey, std::make_shared<const Entry>(entry_of("answer")));
  cache.flush();
  EXPECT_EQ(reports_.size(), 2U);
  EXPECT_EQ(cache.lost(), 4U);
}

TEST_F(ResponseCacheTest, SaysThatTheStoreTakesAnswersAgainAndHowManyItMissed) {
  ResponseCache cache(memory_, &lasting_, clock_, {},
                      [this](const CacheTrouble& trouble) { reports_.push_back(trouble); });
  lasting_.is_broken = true;
  cache.keep(kKey, std::make_shared<const Entry>(entry_of("answer")));
  cache.flush();
  lasting_.is_broken = false;
  clock_.advance(std::chrono::minutes(1));
  cache.keep(kKey, std::make_shared<const Entry>(entry_of("answer")));
  for (int i = 0; i < 3; ++i) cache.flush();
  ASSERT_EQ(reports_.size(), 2U);
  EXPECT_FALSE(reports_[1].error);
  EXPECT_EQ(reports_[1].dropped, 1U);
}

TEST_F(ResponseCacheTest, FindsASimilarQuestionAlsoAfterARestart) {
  Entry question = entry_of("answer");
  question.scope = KeyParts().with("scope");
  question.vector = {1.0F, 0.0F};
  lasting_.entries[kKey] = std::make_shared<const Entry>(question);
  ResponseCache cache(memory_, &lasting_, clock_, {}, {});
  cache.load();
  ResponseCache::Similar similar;
  const auto look_near = [](ResponseCache& from, Entry asked, async::Background& background,
                            ResponseCache::Similar& into) -> Task<void> {
    into = co_await from.find_similar(std::move(asked), 0.95F, hours(1), background);
  };
  Entry asked;
  asked.scope = question.scope;
  asked.vector = {0.98F, 0.19899749F};
  run(look_near(cache, asked, background_, similar));
  ASSERT_NE(similar.entry, nullptr);
  EXPECT_EQ(similar.entry->body, "answer");
  EXPECT_NEAR(similar.similarity, 0.98F, 1e-5);
  asked.scope = KeyParts().with("another scope");
  run(look_near(cache, asked, background_, similar));
  EXPECT_EQ(similar.entry, nullptr);
}

}  // namespace
}  // namespace gatehouse::cache
