// Responses in a data folder's database, beside the log.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "responses/response_store.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

/// responses::ResponseStore has the contract.
class SqliteResponseStore final : public responses::ResponseStore {
 public:
  /// Makes the folder and the database if need be. Error: store.
  static Result<std::unique_ptr<SqliteResponseStore>> open(
      const std::filesystem::path& data_folder);

  Result<void> put(const responses::StoredResponse& response) override;
  Result<std::optional<responses::StoredResponse>> find(std::string_view id,
                                                        std::string_view owner) override;
  Result<bool> remove(std::string_view id, std::string_view owner) override;

 private:
  explicit SqliteResponseStore(std::unique_ptr<Database> database)
      : database_(std::move(database)) {}

  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

}  // namespace gatehouse::store
