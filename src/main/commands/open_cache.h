// The cache of a running gateway: its stores and its thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "cache/response_cache.h"
#include "config/settings.h"
#include "store/cache_thread.h"
#include "store/memory/memory_cache_store.h"
#include "store/sqlite/sqlite_cache_store.h"

namespace gatehouse::commands {

/// Outlives the gateway. Fail-open: if the file cannot be had, that is said in the process log, and
/// answers are kept in memory only.
class OpenCache {
 public:
  OpenCache(const config::ResponseCacheSettings& settings, const std::filesystem::path& data_folder,
            const Clock& clock);
  cache::ResponseCache& cache() { return *cache_; }

 private:
  store::MemoryCacheStore memory_;
  std::unique_ptr<store::SqliteCacheStore> lasting_;
  std::optional<cache::ResponseCache> cache_;
  std::optional<store::CacheThread> thread_;  // last, so that it ends before what it uses
};

}  // namespace gatehouse::commands
