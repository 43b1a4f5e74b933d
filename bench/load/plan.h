// What a load run shall do, and what came of it. Plain values.
#pragma once

#include <netinet/in.h>
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::bench {

using Time = std::chrono::steady_clock::time_point;
using Nanoseconds = std::chrono::nanoseconds;

enum class Announce : unsigned char { nothing, all_open };

inline constexpr std::size_t kNumberSize = 8;

struct Plan {
  sockaddr_in target{};
  std::string request;  // head and body, as sent
  /// Where eight digits stand that count the requests up, so that no two are the same; npos: none.
  std::size_t number_at = std::string::npos;
  std::uint64_t first_number = 0;
  std::string expected;  // the only payload that counts as an answer; empty: any with status 200
  std::size_t connections = 1;
  std::size_t sources = 1;     // loopback addresses to come from
  std::uint64_t requests = 0;  // 0: as many as go into the window
  double rate = 0;  // requests a second, evenly spaced; 0: each as soon as one is answered
  Nanoseconds warm_up{};
  Nanoseconds window{};
  Nanoseconds limit{};          // for the whole run
  std::vector<pid_t> measured;  // the processes of the target
  Announce announce = Announce::nothing;
};

/// All but `failures` is of the window: the warm-up is not in it.
struct Outcome {
  std::uint64_t requests = 0;  // answered
  std::uint64_t failures = 0;
  std::string first_failure;
  std::uint64_t events = 0;  // server-sent events received
  double seconds = 0;
  double cpu_us = 0;                  // spent by `measured`
  std::size_t rss_kib = 0;            // of `measured`, at the end with all connections open
  std::vector<double> latency_us;     // from when a request was due to the last byte of its answer
  std::vector<double> first_byte_us;  // to the first byte of the payload
};

}  // namespace gatehouse::bench
