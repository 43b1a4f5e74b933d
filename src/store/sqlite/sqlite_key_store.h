// Gateway keys in a data folder's database, beside the log.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "auth/key_store.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

/// auth::KeyStore has the contract. What another process adds or revokes is seen by `changed`.
class SqliteKeyStore final : public auth::KeyStore {
 public:
  /// Makes the folder and the database if need be. Error: store.
  static Result<std::unique_ptr<SqliteKeyStore>> open(const std::filesystem::path& data_folder);

  Result<std::vector<auth::GatewayKey>> list() override;
  Result<std::optional<auth::GatewayKey>> find(const auth::KeyHash& hash) override;
  Result<void> add(const auth::GatewayKey& key) override;
  Result<void> revoke(std::string_view id, WallTime now) override;
  Result<bool> changed() override;

 private:
  explicit SqliteKeyStore(std::filesystem::path data_folder)
      : data_folder_(std::move(data_folder)) {}
  Result<void> open_file();
  Result<std::int64_t> revision();

  const std::filesystem::path data_folder_;
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
  std::optional<Statement> read_revision_;
  std::int64_t listed_revision_ = -1;
};

}  // namespace gatehouse::store
