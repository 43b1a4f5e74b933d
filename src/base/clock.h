// Time, injected: nothing outside this file asks the system what time it is, so tests never sleep.
#pragma once

#include <chrono>

namespace gatehouse {

using MonotonicTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  /// For durations and deadlines. Never goes back.
  virtual MonotonicTime now() const = 0;
  /// For records. Microseconds since 1970-01-01T00:00:00Z.
  virtual WallTime wall() const = 0;
};

/// The system's clocks. Thread-safe; one instance for the process.
class SystemClock final : public Clock {
 public:
  MonotonicTime now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  }
};

/// Stands still until a test moves it. Not thread-safe.
class FakeClock final : public Clock {
 public:
  MonotonicTime now() const override { return now_; }
  WallTime wall() const override { return wall_; }
  void advance(std::chrono::microseconds step) {
    now_ += step;
    wall_ += step;
  }

 private:
  MonotonicTime now_{std::chrono::seconds{1000}};
  WallTime wall_{std::chrono::seconds{1'700'000'000}};
};

}  // namespace gatehouse
