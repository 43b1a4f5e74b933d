// What was decided about the cache for one request, as clients, records and metrics name it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::exchange {

enum class CacheStatus : std::uint8_t {
  undecided,      // nobody asked for the cache
  hit,            // the same question was answered before
  semantic_hit,   // one that means nearly the same was
  miss,           // asked upstream, and kept if the answer is one to keep
  semantic_miss,  // the same, after looking for a similar question
  refresh,   // asked upstream because the client wanted that; the answer takes the old one's place
  disabled,  // the cache was wanted, and cannot be had: for this endpoint, or at this gateway
};

inline constexpr std::size_t kCacheStatusCount = 7;

/// As in `x-portkey-cache-status`: "SEMANTIC HIT". Empty if undecided.
constexpr std::string_view name_of(CacheStatus status) {
  switch (status) {
    case CacheStatus::undecided: return {};
    case CacheStatus::hit: return "HIT";
    case CacheStatus::semantic_hit: return "SEMANTIC HIT";
    case CacheStatus::miss: return "MISS";
    case CacheStatus::semantic_miss: return "SEMANTIC MISS";
    case CacheStatus::refresh: return "REFRESH";
    case CacheStatus::disabled: return "DISABLED";
  }
  return {};
}

constexpr bool is_hit(CacheStatus status) {
  return status == CacheStatus::hit || status == CacheStatus::semantic_hit;
}

}  // namespace gatehouse::exchange
