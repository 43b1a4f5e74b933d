// The thread that writes kept answers down.
#pragma once

#include <thread>

#include "cache/response_cache.h"

namespace gatehouse::store {

/// Carries what is kept to the lasting store, from here to its destructor, which waits until
/// everything that was kept before is stored. The cache and its stores must outlive it.
class CacheThread {
 public:
  explicit CacheThread(cache::ResponseCache& cache)
      : thread_([&cache](const std::stop_token& stop) { cache.run(stop); }) {}

 private:
  std::jthread thread_;
};

}  // namespace gatehouse::store
