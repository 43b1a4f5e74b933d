#include "gateway/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

namespace gatehouse::gateway {
namespace {

std::string_view word_of(exchange::Ending ending) {
  switch (ending) {
    case exchange::Ending::complete: return "complete";
    case exchange::Ending::upstream_failed: return "upstream_failed";
    case exchange::Ending::client_gone: return "client_gone";
    case exchange::Ending::deadline: return "deadline";
  }
  return "complete";
}

std::string escaped(std::string_view label) {
  std::string out;
  for (const char c : label) {
    if (c == '\\' || c == '"') out.push_back('\\');
    out.push_back(c == '\n' ? ' ' : c);
  }
  return out;
}

using Seconds = std::chrono::duration<double>;

}  // namespace

void Metrics::count(const exchange::Exchange& exchange, exchange::Ending ending,
                    MonotonicTime now) {
  const double seconds = Seconds(now - exchange.received).count();
  double upstream = Seconds(exchange.waited).count();
  for (const exchange::AttemptRecord& attempt : exchange.attempts) {
    if (attempt.ended > attempt.started)
      upstream += Seconds(attempt.ended - attempt.started).count();
  }
  const std::lock_guard lock(mutex_);
  const bool is_same = last_ != nullptr && last_key_.status == exchange.status &&
                       last_key_.ending == ending && last_key_.model == exchange.model &&
                       last_key_.provider == exchange.provider &&
                       last_key_.endpoint == name_of(exchange.endpoint);
  if (!is_same) {
    last_key_ = {exchange.provider, exchange.model, std::string(name_of(exchange.endpoint)),
                 exchange.status, ending};
    if (!table_.contains(last_key_) && table_.size() >= kMaxSeries) last_key_.model = "other";
    last_ = &table_[last_key_];
  }
  Series& series = *last_;
  ++series.requests;
  series.seconds += seconds;
  series.gateway_seconds += std::max(0.0, seconds - upstream);
  if (exchange.usage) {
    series.prompt_tokens += static_cast<std::uint64_t>(exchange.usage->prompt_tokens);
    series.completion_tokens += static_cast<std::uint64_t>(exchange.usage->completion_tokens);
  }
  ++cache_counts_[static_cast<std::size_t>(exchange.cache)];
  std::size_t bucket = 0;
  while (bucket < kBucketsMs.size() && seconds * 1000 > kBucketsMs[bucket]) ++bucket;
  ++series.buckets[bucket];
}

void Metrics::merge(Table& into, const Table& from) {
  for (const auto& [key, series] : from) {
    Series& sum = into[key];
    sum.requests += series.requests;
    sum.prompt_tokens += series.prompt_tokens;
    sum.completion_tokens += series.completion_tokens;
    sum.seconds += series.seconds;
    sum.gateway_seconds += series.gateway_seconds;
    for (std::size_t i = 0; i < sum.buckets.size(); ++i) sum.buckets[i] += series.buckets[i];
  }
}

std::string Metrics::render(std::span<const Metrics* const> all) {
  Table sum;
  CacheCounts cached{};
  std::uint64_t left_out = 0;
  for (const Metrics* each : all) {
    left_out += each->bodies_left_out_.load(std::memory_order_relaxed);
    const std::lock_guard lock(each->mutex_);
    merge(sum, each->table_);
    for (std::size_t i = 0; i < cached.size(); ++i) cached[i] += each->cache_counts_[i];
  }
  std::string counts = "# TYPE request_count counter\n";
  std::string tokens = "# TYPE llm_token_sum counter\n";
  std::string own = "# TYPE portkey_processing_time_excluding_last_byte_ms counter\n";
  std::string durations = "# TYPE portkey_request_duration_milliseconds histogram\n";
  for (const auto& [key, series] : sum) {
    const std::string labels = fmt::format(
        "provider=\"{}\",model=\"{}\",endpoint=\"{}\",code=\"{}\",end=\"{}\"",
        escaped(key.provider), escaped(key.model), key.endpoint, key.status, word_of(key.ending));
    fmt::format_to(std::back_inserter(counts), "request_count{{{}}} {}\n", labels, series.requests);
    fmt::format_to(std::back_inserter(tokens), "llm_token_sum{{{},type=\"prompt\"}} {}\n", labels,
                   series.prompt_tokens);
    fmt::format_to(std::back_inserter(tokens), "llm_token_sum{{{},type=\"completion\"}} {}\n",
                   labels, series.completion_tokens);
    fmt::format_to(std::back_inserter(own),
                   "portkey_processing_time_excluding_last_byte_ms{{{}}} {:.3f}\n", labels,
                   series.gateway_seconds * 1000);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < kBucketsMs.size(); ++i) {
      below += series.buckets[i];
      fmt::format_to(std::back_inserter(durations),
                     "portkey_request_duration_milliseconds_bucket{{{},le=\"{}\"}} {}\n", labels,
                     kBucketsMs[i], below);
    }
    fmt::format_to(std::back_inserter(durations),
                   "portkey_request_duration_milliseconds_bucket{{{0},le=\"+Inf\"}} {1}\n"
                   "portkey_request_duration_milliseconds_sum{{{0}}} {2:.3f}\n"
                   "portkey_request_duration_milliseconds_count{{{0}}} {1}\n",
                   labels, series.requests, series.seconds * 1000);
  }
  std::string cache = "# TYPE llm_cache_count counter\n";
  for (std::size_t i = 1; i < cached.size(); ++i) {  // 0: nobody asked for the cache
    fmt::format_to(std::back_inserter(cache), "llm_cache_count{{cacheStatus=\"{}\"}} {}\n",
                   name_of(static_cast<exchange::CacheStatus>(i)), cached[i]);
  }
  const std::string bodies = fmt::format(
      "# TYPE gatehouse_bodies_left_out_total counter\ngatehouse_bodies_left_out_total {}\n",
      left_out);
  return counts + tokens + own + durations + cache + bodies;
}

}  // namespace gatehouse::gateway
