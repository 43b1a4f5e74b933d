// The responses of a process: a store that may fail, without an answer ever waiting for it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "responses/response_store.h"

namespace gatehouse::responses {

/// Fail-open: a response that the store refuses is counted, and nobody can go on with it.
/// Thread-safe; blocks as the store does.
class KeptResponses {
 public:
  static constexpr std::chrono::minutes kReportPause{1};

  using Report = std::function<void(const Error&)>;
  /// `report` is called at most once a minute, on the thread that keeps. The others outlive it.
  KeptResponses(ResponseStore& store, const Clock& clock, Report report)
      : store_(store), clock_(clock), report_(std::move(report)) {}

  void keep(const StoredResponse& response);
  /// Counts and reports one that never got as far as the store.
  void lose(const Error& why);
  /// As the store has them.
  Result<std::optional<StoredResponse>> find(std::string_view id, std::string_view owner) {
    return store_.find(id, owner);
  }
  Result<bool> remove(std::string_view id, std::string_view owner) {
    return store_.remove(id, owner);
  }
  /// Responses that could not be kept, since the start.
  std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

 private:
  ResponseStore& store_;
  const Clock& clock_;
  const Report report_;
  std::atomic<std::uint64_t> lost_{0};
  std::mutex mutex_;  // guards reported_
  std::optional<MonotonicTime> reported_;
};

}  // namespace gatehouse::responses
