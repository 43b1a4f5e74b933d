// Which keys the lasting store may hold, so that a question that was never asked before costs no
// look at a disk.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "cache/key.h"

namespace gatehouse::cache {

/// Thread-safe. Until it has been loaded it knows nothing, and anything may be there.
class KnownKeys {
 public:
  void add(const Key& key) {
    const std::scoped_lock lock(mutex_);
    prefixes_.insert(key.prefix());
  }
  /// Eight bytes of a key that was added, or the chance of one in 2^64 that they are another's.
  bool may_hold(const Key& key) const {
    const std::scoped_lock lock(mutex_);
    return !is_loaded_ || prefixes_.contains(key.prefix());
  }
  /// From here on these are all; what is added while they are being read must be added again.
  void load(std::unordered_set<std::uint64_t> prefixes) {
    const std::scoped_lock lock(mutex_);
    prefixes_ = std::move(prefixes);
    is_loaded_ = true;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_set<std::uint64_t> prefixes_;
  bool is_loaded_ = false;
};

}  // namespace gatehouse::cache
