// Responses in memory: for tests, and for a gateway that keeps nothing.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "responses/response_store.h"

namespace gatehouse::store {

/// responses::ResponseStore has the contract. At most `most`; the oldest go first.
class MemoryResponseStore final : public responses::ResponseStore {
 public:
  explicit MemoryResponseStore(std::size_t most = 1000) : most_(most) {}

  Result<void> put(const responses::StoredResponse& response) override;
  Result<std::optional<responses::StoredResponse>> find(std::string_view id,
                                                        std::string_view owner) override;
  Result<bool> remove(std::string_view id, std::string_view owner) override;

 private:
  using Key = std::pair<std::string, std::string>;  // owner and id

  std::mutex mutex_;
  std::size_t most_;
  std::map<Key, responses::StoredResponse> responses_;
};

}  // namespace gatehouse::store
