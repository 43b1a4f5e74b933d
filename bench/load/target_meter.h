// What the processes under test use, read from outside.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <vector>

namespace gatehouse::bench {

/// CPU time that the processes used so far, user and kernel, all their threads, in microseconds.
/// From the kernel's per-process clocks, which are exact to the nanosecond, unlike the ticks in
/// /proc. Throws std::system_error if one of them is gone.
double cpu_us_of(const std::vector<pid_t>& processes);

/// Resident memory of the processes, summed.
std::size_t rss_kib_of(const std::vector<pid_t>& processes);

}  // namespace gatehouse::bench
