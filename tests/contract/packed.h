// Records as a store takes them.
#pragma once

#include <vector>

#include "logs/log_store.h"

namespace gatehouse::contract {

inline std::vector<logs::PackedBatch> packed(const std::vector<logs::LogRecord>& records) {
  std::vector<logs::PackedBatch> batches;
  for (const logs::LogRecord& record : records) {
    if (batches.empty() || batches.back().is_full()) batches.emplace_back();
    batches.back().add(record);
  }
  return batches;
}

/// Appends all of the records.
inline Result<void> append_all(logs::LogStore& store, const std::vector<logs::LogRecord>& records) {
  std::vector<logs::PackedBatch> batches = packed(records);
  return store.append(batches);
}

}  // namespace gatehouse::contract
