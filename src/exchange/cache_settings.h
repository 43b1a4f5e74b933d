// How one request wants its answer cached: what a header or a config object says, after both have
// been read. Plain data; whoever reads a form fills it, gateway/ decides by it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::exchange {

/// `semantic` also takes the answer to a question that means nearly the same.
enum class CacheMode : std::uint8_t { none, simple, semantic };

/// Whether a kept answer may be given, or a new one must be asked for and kept in its place.
enum class CacheRefresh : std::uint8_t { no, forced };

struct CacheSettings {
  CacheMode mode = CacheMode::none;
  /// How old an answer may be that is kept or given. Unset: the operator's default.
  std::optional<std::chrono::seconds> max_age;
  /// Requests of one tenant that name the same one share answers, whatever their metadata and
  /// their provider credentials. Empty: those must be the same as well.
  std::string name_space;
  CacheRefresh refresh = CacheRefresh::no;

  bool is_on() const { return mode != CacheMode::none; }
  friend bool operator==(const CacheSettings&, const CacheSettings&) = default;
};

}  // namespace gatehouse::exchange
