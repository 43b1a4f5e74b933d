#include "bench/load/summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace gatehouse::bench {
namespace {

std::string number(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.3f", value);
  return text.data();
}

std::string quantiles(std::vector<double>& values) {
  std::string text = R"({"p50":)" + number(quantile(values, 0.5));
  text += R"(,"p90":)" + number(quantile(values, 0.9));
  text += R"(,"p99":)" + number(quantile(values, 0.99));
  text += R"(,"max":)" + number(quantile(values, 1.0)) + "}";
  return text;
}

// Failures quote what a target sent, which may be anything.
char harmless(char c) {
  if (c == '"') return '\'';
  return c >= ' ' && c < 0x7f && c != '\\' ? c : '?';
}

std::string quoted(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), harmless);
  return '"' + text + '"';
}

}  // namespace

double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  const std::size_t index =
      std::min(values.size() - 1, static_cast<std::size_t>(std::max(rank - 1, 0.0)));
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

std::string to_json(Outcome outcome) {
  std::string text = R"({"requests":)" + std::to_string(outcome.requests);
  text += R"(,"failures":)" + std::to_string(outcome.failures);
  text += R"(,"first_failure":)" + quoted(outcome.first_failure);
  text += R"(,"events":)" + std::to_string(outcome.events);
  text += R"(,"seconds":)" + number(outcome.seconds);
  text += R"(,"cpu_us":)" + number(outcome.cpu_us);
  text += R"(,"rss_kib":)" + std::to_string(outcome.rss_kib);
  text += R"(,"latency_us":)" + quantiles(outcome.latency_us);
  text += R"(,"first_byte_us":)" + quantiles(outcome.first_byte_us);
  return text + "}";
}

}  // namespace gatehouse::bench
