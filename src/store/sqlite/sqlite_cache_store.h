// Kept answers in a database of their own, `cache.db`: whatever happens to it, the keys and the log
// are not touched, and it may be deleted while no gateway runs.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "cache/cache_store.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

inline constexpr const char* kCacheName = "cache.db";

/// cache::CacheStore has the contract. Bounded in bytes of the file's used pages; what was kept
/// first goes first, since noting every use would be a write for every hit. A commit survives the
/// process; a power failure may cost the last ones, never the file. One writer connection and one
/// reader connection, each used under its own lock, so that a find waits for no transaction.
class SqliteCacheStore final : public cache::CacheStore {
 public:
  /// Makes the folder and the file if need be. A file that is damaged, or of another version, is
  /// emptied: it is a cache. Error: store.
  static Result<std::unique_ptr<SqliteCacheStore>> open(const std::filesystem::path& data_folder,
                                                        std::uint64_t max_bytes);

  Result<cache::EntryPtr> find(const cache::Key& key, WallTime now) override;
  Result<void> put(std::span<const cache::Kept> batch) override;
  Result<bool> tidy(WallTime now) override;
  Result<void> visit_keys(const std::function<void(const cache::Key&)>& visit) override;
  Result<void> visit_vectors(
      WallTime now, const std::function<void(const cache::Key&, cache::Entry)>& visit) override;

 private:
  SqliteCacheStore(std::unique_ptr<Database> writer, std::unique_ptr<Database> reader,
                   std::uint64_t max_bytes)
      : writer_(std::move(writer)), reader_(std::move(reader)), max_bytes_(max_bytes) {}
  Result<void> prepare_statements();
  Result<void> put_one(const cache::Kept& kept);
  Result<bool> drop_expired(WallTime now);
  Result<bool> drop_oldest();
  Result<std::uint64_t> used_bytes();

  std::mutex write_mutex_;
  std::unique_ptr<Database> writer_;
  std::mutex read_mutex_;
  std::unique_ptr<Database> reader_;
  std::optional<Statement> insert_;
  std::optional<Statement> select_;
  const std::uint64_t max_bytes_;
};

}  // namespace gatehouse::store
