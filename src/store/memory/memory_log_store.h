// The record in memory: for tests, and for a gateway that keeps nothing.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>

#include "logs/log_store.h"

namespace gatehouse::store {

/// logs::LogStore has the contract. Keeps the newest `capacity` records. Never fails.
class MemoryLogStore final : public logs::LogStore {
 public:
  explicit MemoryLogStore(std::size_t capacity = 10'000) : capacity_(capacity) {}

  Result<void> append(std::span<logs::PackedBatch> batches) override;
  Result<logs::LogPage> query(const logs::LogFilter& filter) override;
  Result<logs::LogRecord> find(std::string_view id) override;
  Result<void> tidy() override { return {}; }

 private:
  struct Entry {
    logs::LogPosition position = 0;
    logs::LogRecord record;
  };

  const std::size_t capacity_;
  std::mutex mutex_;
  std::deque<Entry> entries_;  // the oldest first
  logs::LogPosition last_ = 0;
};

}  // namespace gatehouse::store
