// Where answers are kept. store/ has one in memory and one that survives a restart.
#pragma once

#include <functional>
#include <span>

#include "base/result.h"
#include "cache/entry.h"

namespace gatehouse::cache {

/// Fail-open: an answer that cannot be read or kept is asked for upstream. Thread-safe. What is
/// bounded in bytes lets go of what was kept first, or used longest ago, by itself.
/// May wait for a disk: see ResponseCache for who calls it from where.
class CacheStore {
 public:
  virtual ~CacheStore() = default;
  /// Null if there is none, or none that has not expired. Error: store.
  virtual Result<EntryPtr> find(const Key& key, WallTime now) = 0;
  /// Each takes the place of one that was there under its key. All of them or none. Error: store.
  virtual Result<void> put(std::span<const Kept> batch) = 0;
  /// Removes what has expired and what is beyond the bound; whether anything was. Error: store.
  virtual Result<bool> tidy(WallTime now) = 0;
  /// Visits the key of every entry, maybe of expired ones too. Error: store.
  virtual Result<void> visit_keys(const std::function<void(const Key&)>& visit) = 0;
  /// Visits every entry that has a vector, with no `body`. Error: store.
  virtual Result<void> visit_vectors(WallTime now,
                                     const std::function<void(const Key&, Entry)>& visit) = 0;
};

}  // namespace gatehouse::cache
