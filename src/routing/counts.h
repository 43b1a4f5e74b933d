// What routing does, counted for the metrics of the process.
#pragma once

#include <atomic>
#include <cstdint>

namespace gatehouse::routing {

/// Shared by all loops.
struct Counts {
  std::atomic<std::uint64_t> retries{0};
  std::atomic<std::uint64_t> next_targets{0};
  std::atomic<std::uint64_t> hedges{0};
  std::atomic<std::uint64_t> seams{0};           // streams that another target took up
  std::atomic<std::uint64_t> skipped_events{0};  // malformed ones, left out of a stream
  std::atomic<std::uint64_t> left_alone{0};      // targets passed over since their breaker is open
};

}  // namespace gatehouse::routing
