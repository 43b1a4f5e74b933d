#include "cache/semantic_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

namespace gatehouse::cache {
namespace {

// An empty scope takes memory too: its key twice, its table's node, a deque.
constexpr std::size_t kScopeCost = 800;

}  // namespace

bool normalise(std::vector<float>& vector) {
  double squares = 0;
  for (const float value : vector) squares += static_cast<double>(value) * value;
  if (!(squares > 0) || !std::isfinite(squares)) return false;
  const auto factor = static_cast<float>(1 / std::sqrt(squares));
  for (float& value : vector) value *= factor;
  return true;
}

float similarity(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) return -1;
  // Sixteen sums at a time: a compiler may not reorder one sum of floats, so this is what lets it
  // use vector instructions.
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> sums{};
  std::size_t at = 0;
  for (; at + kLanes <= a.size(); at += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[at + lane] * b[at + lane];
  }
  float sum = 0;
  for (; at < a.size(); ++at) sum += a[at] * b[at];
  for (const float lane : sums) sum += lane;
  return sum;
}

void SemanticIndex::add(const Key& key, const Entry& entry) {
  if (entry.vector.empty()) return;
  remove(entry.scope, key);
  const std::unique_lock lock(mutex_);
  const auto [scope, is_new] = scopes_.try_emplace(entry.scope);
  if (is_new) {
    order_.push_back(entry.scope);
    bytes_ += kScopeCost;
  }
  Places& places = scope->second;
  places.push_back({key, entry.expires, entry.vector});
  bytes_ += places.back().cost();
  if (places.size() > limits_.vectors_per_scope) drop_oldest(places);
  drop_scopes();
}

std::optional<SemanticIndex::Match> SemanticIndex::nearest(const Key& scope,
                                                           std::span<const float> vector,
                                                           float at_least, WallTime now) const {
  const std::shared_lock lock(mutex_);
  const auto found = scopes_.find(scope);
  if (found == scopes_.end()) return std::nullopt;
  std::optional<Match> best;
  for (const Place& place : found->second) {
    if (place.expires <= now) continue;
    const float similar = similarity(place.vector, vector);
    if (similar < at_least || (best && similar <= best->similarity)) continue;
    best = Match{place.key, similar};
  }
  return best;
}

void SemanticIndex::remove(const Key& scope, const Key& key) {
  const std::unique_lock lock(mutex_);
  const auto found = scopes_.find(scope);
  if (found == scopes_.end()) return;
  const auto place = std::ranges::find(found->second, key, &Place::key);
  if (place == found->second.end()) return;
  bytes_ -= place->cost();
  found->second.erase(place);
}

std::size_t SemanticIndex::size() const {
  const std::shared_lock lock(mutex_);
  std::size_t sum = 0;
  for (const auto& [scope, places] : scopes_) sum += places.size();
  return sum;
}

void SemanticIndex::drop_oldest(Places& places) {
  bytes_ -= places.front().cost();
  places.pop_front();
}

void SemanticIndex::drop_scopes() {
  while (bytes_ > limits_.bytes && !order_.empty()) {
    const auto oldest = scopes_.find(order_.front());
    while (!oldest->second.empty()) drop_oldest(oldest->second);
    scopes_.erase(oldest);
    bytes_ -= kScopeCost;
    order_.pop_front();
  }
}

}  // namespace gatehouse::cache
