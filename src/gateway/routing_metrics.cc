#include "gateway/routing_metrics.h"

#include "json/scan.h"

namespace gatehouse::gateway {
namespace {

using routing::UpstreamReport;

struct Counter {
  std::string_view name;
  std::atomic<std::uint64_t> routing::Counts::* count;
};

constexpr Counter kCounters[] = {
    {"gatehouse_retries_total", &routing::Counts::retries},
    {"gatehouse_next_targets_total", &routing::Counts::next_targets},
    {"gatehouse_hedges_total", &routing::Counts::hedges},
    {"gatehouse_streams_taken_up_total", &routing::Counts::seams},
    {"gatehouse_malformed_events_total", &routing::Counts::skipped_events},
    {"gatehouse_targets_left_alone_total", &routing::Counts::left_alone},
};

std::string milliseconds(std::chrono::microseconds time) {
  return std::to_string(time.count() / 1000);
}

}  // namespace

std::string render_routing(routing::Memory& memory, MonotonicTime now) {
  std::string text;
  for (const Counter& each : kCounters) {
    text.append("# TYPE ").append(each.name).append(" counter\n").append(each.name).append(" ");
    text.append(std::to_string((memory.counts.*each.count).load())).append("\n");
  }
  text += "# TYPE gatehouse_breaker_open gauge\n";
  for (const UpstreamReport& each : memory.health.report(now)) {
    text.append("gatehouse_breaker_open{upstream=").append(json::quote(each.upstream)).append("} ");
    text.append(each.state == routing::BreakerState::closed ? "0\n" : "1\n");
  }
  return text;
}

std::string upstreams_json(routing::Memory& memory, MonotonicTime now) {
  std::string data;
  for (const UpstreamReport& each : memory.health.report(now)) {
    data += data.empty() ? "{" : ",{";
    data += R"("upstream":)" + json::quote(each.upstream) + R"(,"breaker":")";
    data.append(name_of(each.state))
        .append(R"(","average_ms":)")
        .append(milliseconds(each.average));
    data.append(R"(,"p95_ms":)").append(each.p95 ? milliseconds(*each.p95) : "null").append("}");
  }
  return R"({"object":"list","data":[)" + data + "]}";
}

}  // namespace gatehouse::gateway
