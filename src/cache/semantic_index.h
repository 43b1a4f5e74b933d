// The vectors of kept questions, and which of them lies nearest to a new one: an exact scan of the
// questions that share everything else with it (their scope). Exact, because a scope is small: with
// 1,536 numbers a vector, the 2,000 that one holds at most are looked through in about half a
// millisecond.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "cache/entry.h"

namespace gatehouse::cache {

/// Gives a vector the length 1; false if it has none, or holds what is no number.
bool normalise(std::vector<float>& vector);

/// The cosine of two vectors of length 1.
float similarity(std::span<const float> a, std::span<const float> b);

/// Thread-safe. In memory only: entries that are gone from the stores are found here until they
/// expire, so whoever finds one must look whether it is still there.
class SemanticIndex {
 public:
  struct Limits {
    std::size_t vectors_per_scope = 2'000;              // beyond it the oldest go
    std::size_t bytes = std::size_t{64} * 1024 * 1024;  // beyond it the oldest scopes go
  };
  struct Match {
    Key key;
    float similarity = 0;
  };

  explicit SemanticIndex(Limits limits) : limits_(limits) {}

  /// The entry's vector, in its scope. One with this key is replaced.
  void add(const Key& key, const Entry& entry);
  /// The most similar one that has not expired and is at least that similar.
  std::optional<Match> nearest(const Key& scope, std::span<const float> vector, float at_least,
                               WallTime now) const;
  void remove(const Key& scope, const Key& key);
  std::size_t size() const;

 private:
  struct Place {
    Key key;
    WallTime expires{};
    std::vector<float> vector;
    std::size_t cost() const { return sizeof(Place) + vector.size() * sizeof(float); }
  };
  using Places = std::deque<Place>;
  void drop_oldest(Places& places);
  void drop_scopes();

  const Limits limits_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<Key, Places, KeyHash> scopes_;
  std::deque<Key> order_;  // of the scopes, the oldest first
  std::size_t bytes_ = 0;
};

}  // namespace gatehouse::cache
