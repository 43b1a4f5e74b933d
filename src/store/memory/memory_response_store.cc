#include "store/memory/memory_response_store.h"

#include <algorithm>

namespace gatehouse::store {

using responses::StoredResponse;

Result<void> MemoryResponseStore::put(const StoredResponse& response) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(responses_, [&](const auto& entry) {
    return entry.second.created < response.created - responses::kKept;
  });
  responses_.insert_or_assign({response.owner, response.id}, response);
  if (responses_.size() > most_) {
    responses_.erase(std::ranges::min_element(
        responses_, {}, [](const auto& entry) { return entry.second.created; }));
  }
  return {};
}

Result<std::optional<StoredResponse>> MemoryResponseStore::find(std::string_view id,
                                                                std::string_view owner) {
  const std::scoped_lock lock(mutex_);
  const auto found = responses_.find({std::string(owner), std::string(id)});
  if (found == responses_.end()) return std::optional<StoredResponse>();
  return std::optional(found->second);
}

Result<bool> MemoryResponseStore::remove(std::string_view id, std::string_view owner) {
  const std::scoped_lock lock(mutex_);
  return responses_.erase({std::string(owner), std::string(id)}) > 0;
}

}  // namespace gatehouse::store
