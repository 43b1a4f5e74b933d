#include "main/commands/open_cache.h"

#include "base/process_log.h"

namespace gatehouse::commands {
namespace {

void report(const cache::CacheTrouble& trouble) {
  const std::string lost = std::to_string(trouble.dropped);
  if (trouble.error) {
    log(LogLevel::error, "Answers are kept in memory only, " + lost +
                             " so far have not reached the disk: " + trouble.error->message);
  } else {
    log(LogLevel::warn, "Answers are kept on disk again; not kept there so far: " + lost + ".");
  }
}

std::unique_ptr<store::SqliteCacheStore> open_lasting(const config::ResponseCacheSettings& settings,
                                                      const std::filesystem::path& data_folder) {
  if (settings.disk_bytes == 0) return nullptr;
  auto store = store::SqliteCacheStore::open(data_folder, settings.disk_bytes);
  if (store) return std::move(*store);
  log(LogLevel::error,
      "Answers are kept in memory only, until the next start: " + store.error()->message);
  return nullptr;
}

}  // namespace

OpenCache::OpenCache(const config::ResponseCacheSettings& settings,
                     const std::filesystem::path& data_folder, const Clock& clock)
    : memory_(settings.memory_bytes), lasting_(open_lasting(settings, data_folder)) {
  cache::SemanticIndex::Limits limits;
  limits.bytes = settings.semantic.memory_bytes;
  cache_.emplace(memory_, lasting_.get(), clock, limits, &report);
  if (lasting_) thread_.emplace(*cache_);
}

}  // namespace gatehouse::commands
