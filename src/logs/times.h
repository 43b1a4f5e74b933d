// Points in time and durations as people and clients write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace gatehouse::logs {

/// ISO 8601 in UTC with milliseconds: "2026-01-31T12:00:00.000Z".
std::string format_time(WallTime time);

/// A date ("2026-01-31"), a date with time, fraction and zone ("2026-01-31T12:00:00.5+02:00"; no
/// zone means UTC), Unix seconds, or Unix milliseconds (13 digits).
std::optional<WallTime> parse_time(std::string_view text);

/// A positive number with its unit: 90s, 15m, 1h, 30d, 2w.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// Either of the two, a duration meaning that long before `now`.
std::optional<WallTime> parse_time_or_age(std::string_view text, WallTime now);

}  // namespace gatehouse::logs
