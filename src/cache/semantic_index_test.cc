#include "cache/semantic_index.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace gatehouse::cache {
namespace {

const Key kScope = KeyParts().with("scope");

Key key_of(int number) { return KeyParts().with(std::to_string(number)); }

class SemanticIndexTest : public testing::Test {
 protected:
  void add(SemanticIndex& index, int number, std::vector<float> vector, Key scope = kScope) {
    Entry entry;
    entry.scope = scope;
    entry.expires = clock_.wall() + std::chrono::hours(1);
    normalise(vector);
    entry.vector = std::move(vector);
    index.add(key_of(number), entry);
  }
  std::optional<SemanticIndex::Match> nearest(const SemanticIndex& index, std::vector<float> vector,
                                              float at_least = 0.9F) {
    normalise(vector);
    return index.nearest(kScope, vector, at_least, clock_.wall());
  }
  FakeClock clock_;
};

TEST_F(SemanticIndexTest, FindsTheNearestOfThoseThatAreNearEnough) {
  SemanticIndex index({});
  add(index, 1, {1, 0, 0});
  add(index, 2, {1, 0.2F, 0});
  add(index, 3, {0, 1, 0});
  const auto match = nearest(index, {1, 0.15F, 0});
  ASSERT_TRUE(match);
  EXPECT_EQ(match->key, key_of(2));
  EXPECT_GT(match->similarity, 0.99F);
  EXPECT_FALSE(nearest(index, {0, 0, 1}));
}

TEST_F(SemanticIndexTest, NeverLooksIntoAnotherScope) {
  SemanticIndex index({});
  add(index, 1, {1, 0}, KeyParts().with("another"));
  EXPECT_FALSE(nearest(index, {1, 0}));
}

TEST_F(SemanticIndexTest, ForgetsWhatHasExpired) {
  SemanticIndex index({});
  add(index, 1, {1, 0});
  clock_.advance(std::chrono::hours(1));
  EXPECT_FALSE(nearest(index, {1, 0}));
}

TEST_F(SemanticIndexTest, AVectorOfAnotherLengthIsNotSimilar) {
  SemanticIndex index({});
  add(index, 1, {1, 0, 0});
  EXPECT_FALSE(nearest(index, {1, 0}));
}

TEST_F(SemanticIndexTest, ReplacesTheVectorOfAKey) {
  SemanticIndex index({});
  add(index, 1, {1, 0});
  add(index, 1, {0, 1});
  EXPECT_EQ(index.size(), 1U);
  EXPECT_FALSE(nearest(index, {1, 0}));
  EXPECT_TRUE(nearest(index, {0, 1}));
}

TEST_F(SemanticIndexTest, AScopeKeepsItsYoungest) {
  SemanticIndex index({.vectors_per_scope = 2});
  add(index, 1, {1, 0, 0});
  add(index, 2, {0, 1, 0});
  add(index, 3, {0, 0, 1});
  EXPECT_EQ(index.size(), 2U);
  EXPECT_FALSE(nearest(index, {1, 0, 0}));
  EXPECT_TRUE(nearest(index, {0, 0, 1}));
}

TEST_F(SemanticIndexTest, StaysWithinItsBytesByLettingTheOldestScopesGo) {
  SemanticIndex index({.bytes = 100'000});
  for (int i = 0; i < 1000; ++i) add(index, i, std::vector<float>(64, 1), key_of(i));
  EXPECT_LT(index.size(), 100U);
  EXPECT_GT(index.size(), 10U);
}

TEST_F(SemanticIndexTest, TheScanAgreesWithTheDefinitionOfTheCosine) {
  FastRandom random{3};
  for (const std::size_t size : {1U, 15U, 16U, 17U, 100U, 1536U}) {
    std::vector<float> a(size);
    std::vector<float> b(size);
    for (std::size_t i = 0; i < size; ++i) {
      a[i] = static_cast<float>(random.unit()) - 0.5F;
      b[i] = static_cast<float>(random.unit()) - 0.5F;
    }
    ASSERT_TRUE(normalise(a) && normalise(b));
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += static_cast<double>(a[i]) * b[i];
    EXPECT_NEAR(similarity(a, b), sum, 1e-5);
    EXPECT_NEAR(similarity(a, a), 1, 1e-5);
  }
}

TEST_F(SemanticIndexTest, AVectorWithoutDirectionCannotBeNormalised) {
  std::vector<float> none(3, 0.0F);
  EXPECT_FALSE(normalise(none));
  std::vector<float> infinite = {1, std::numeric_limits<float>::infinity()};
  EXPECT_FALSE(normalise(infinite));
}

}  // namespace
}  // namespace gatehouse::cache
