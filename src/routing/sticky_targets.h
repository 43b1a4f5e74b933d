// Which target a session was sent to, so that it is sent there again (wire spec 3.2, `sticky`).
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/clock.h"

namespace gatehouse::routing {

/// Shared by all loops. Bounded: when it is full, what has expired makes room, and otherwise
/// everything does.
class StickyTargets {
 public:
  static constexpr std::size_t kMost = 100'000;

  std::optional<std::size_t> find(std::uint64_t session, MonotonicTime now) {
    const std::lock_guard lock(mutex_);
    const auto found = targets_.find(session);
    if (found == targets_.end() || found->second.until <= now) return std::nullopt;
    return found->second.target;
  }
  void remember(std::uint64_t session, std::size_t target, MonotonicTime until, MonotonicTime now) {
    const std::lock_guard lock(mutex_);
    if (targets_.size() >= kMost) {
      std::erase_if(targets_, [now](const auto& each) { return each.second.until <= now; });
    }
    if (targets_.size() >= kMost) targets_.clear();
    targets_[session] = {target, until};
  }

 private:
  struct Kept {
    std::size_t target = 0;
    MonotonicTime until{};
  };
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, Kept> targets_;
};

}  // namespace gatehouse::routing
