// Chance, injected: seeded in tests, from the system's entropy otherwise.
#pragma once

#include <cstdint>
#include <random>

namespace gatehouse {

class Random {
 public:
  virtual ~Random() = default;
  /// 64 uniform bits. Not thread-safe: one instance a thread. Not for secrets (see secret_bytes).
  virtual std::uint64_t bits() = 0;
  /// Uniform in [0, 1).
  double unit() { return static_cast<double>(bits() >> 11U) * 0x1.0p-53; }
};

/// xoshiro256** (Blackman and Vigna, 2018): quick, and good enough for ids, jitter and weights.
class FastRandom final : public Random {
 public:
  explicit FastRandom(std::uint64_t seed);
  /// Seeded from the system.
  FastRandom()
      : FastRandom((std::uint64_t{std::random_device{}()} << 32U) | std::random_device{}()) {}
  std::uint64_t bits() override;

 private:
  std::uint64_t state_[4];
};

}  // namespace gatehouse
