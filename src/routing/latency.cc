#include "routing/latency.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::routing {
namespace {

constexpr double kFirstUs = 1000;
constexpr double kStep = 1.25;
constexpr double kNewest = 0.2;
// Halved at this size, so that the last few hundred samples make up most of it.
constexpr std::uint32_t kMostSamples = 512;

}  // namespace

std::size_t Latency::bucket_of(Duration sample) {
  const double ratio = static_cast<double>(sample.count()) / kFirstUs;
  if (ratio <= 1) return 0;
  const double steps = std::ceil(std::log(ratio) / std::log(kStep));
  return std::min(static_cast<std::size_t>(steps), kBuckets - 1);
}

Latency::Duration Latency::end_of(std::size_t bucket) {
  return Duration{
      static_cast<std::int64_t>(kFirstUs * std::pow(kStep, static_cast<double>(bucket)))};
}

void Latency::add(Duration sample) {
  const double us = static_cast<double>(std::max<std::int64_t>(1, sample.count()));
  average_us_ = average_us_ == 0 ? us : average_us_ + kNewest * (us - average_us_);
  if (total_ == kMostSamples) {
    total_ = 0;
    for (std::uint32_t& count : counts_) total_ += count /= 2;
  }
  ++counts_[bucket_of(sample)];
  ++total_;
}

std::optional<Latency::Duration> Latency::p95() const {
  if (total_ < kLeastSamples) return std::nullopt;
  const std::uint32_t wanted = (total_ * 95 + 99) / 100;
  std::uint32_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += counts_[bucket];
    if (seen >= wanted) return end_of(bucket);
  }
  return end_of(kBuckets - 1);
}

}  // namespace gatehouse::routing
