#include "logs/parse_filter.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/percent.h"
#include "base/text.h"
#include "json/value.h"
#include "logs/times.h"

namespace gatehouse::logs {
namespace {

/// One filter being read.
struct Given {
  LogFilter& filter;
  std::string_view name;
  std::string_view value;
  WallTime now;
};

using ReadFilter = Result<void> (*)(const Given&);

std::unexpected<Failure> wrong(const Given& given, std::string_view allowed) {
  std::string message = "The log filter `" + std::string(given.name) + "` cannot be `";
  message += std::string(given.value) + "`: " + std::string(allowed);
  return fail(
      client_error(ErrorCode::invalid_request, std::move(message), std::string(given.name)));
}

template <std::string LogFilter::* kMember>
Result<void> read_text(const Given& given) {
  given.filter.*kMember = given.value;
  return {};
}

Result<void> read_status(const Given& given) {
  constexpr std::string_view kAllowed =
      "give a status (404), a class (5xx), or several with commas between them (429,5xx).";
  given.filter.statuses.clear();
  for (const std::string_view part : split_list(given.value)) {
    const auto number = parse_number<int>(part.substr(0, part.find_first_of("xX")));
    const bool is_class = part.size() == 3 && equals_ignoring_case(part.substr(1), "xx");
    if (is_class && number && *number >= 1 && *number <= 9) {
      given.filter.statuses.push_back({*number * 100, *number * 100 + 99});
    } else if (number && *number >= 0 && *number <= 999 && part.find_first_of("xX") == part.npos) {
      given.filter.statuses.push_back({*number, *number});
    } else {
      return wrong(given, kAllowed);
    }
  }
  return {};
}

Result<void> read_ending(const Given& given) {
  given.filter.ending = ending_named(given.value);
  if (given.filter.ending) return {};
  return wrong(given, "a request ends as complete, upstream_failed, client_gone or deadline.");
}

template <std::optional<WallTime> LogFilter::* kMember>
Result<void> read_time(const Given& given) {
  given.filter.*kMember = parse_time_or_age(given.value, given.now);
  if (given.filter.*kMember) return {};
  return wrong(
      given,
      "give an ISO 8601 time (2026-01-31T12:00:00Z), Unix seconds, or an age (15m, 1h, 7d).");
}

Result<void> read_limit(const Given& given) {
  const auto limit = parse_number<std::size_t>(given.value);
  if (!limit || *limit < 1 || *limit > kMaxLimit) {
    return wrong(given, "give a number from 1 to " + std::to_string(kMaxLimit) + ".");
  }
  given.filter.limit = *limit;
  return {};
}

Result<void> read_cursor(const Given& given) {
  given.filter.before = parse_number<LogPosition>(given.value);
  if (given.filter.before) return {};
  return wrong(given, "give the `next_cursor` of the page before, unchanged.");
}

Result<void> read_metadata_object(const Given& given) {
  const Result<json::Value> parsed = json::parse(given.value);
  if (!parsed || !parsed->is_object()) {
    return wrong(given, "give a JSON object of texts, or use metadata.KEY=VALUE.");
  }
  for (const auto& member : parsed->get_object()) {
    if (!member.value().is_string()) return wrong(given, "the values must be texts.");
    given.filter.metadata.emplace_back(member.key(), std::string(member.value().get_string()));
  }
  return {};
}

struct KnownFilter {
  std::string_view name;
  ReadFilter read;
};

constexpr std::array kKnown = {
    KnownFilter{"trace_id", read_text<&LogFilter::trace_id>},
    KnownFilter{"provider", read_text<&LogFilter::provider>},
    KnownFilter{"model", read_text<&LogFilter::model>},
    KnownFilter{"status", read_status},
    KnownFilter{"user", read_text<&LogFilter::user>},
    KnownFilter{"organization", read_text<&LogFilter::organization>},
    KnownFilter{"endpoint", read_text<&LogFilter::endpoint>},
    KnownFilter{"api_key_id", read_text<&LogFilter::key_id>},
    KnownFilter{"end", read_ending},
    KnownFilter{"since", read_time<&LogFilter::since>},
    KnownFilter{"until", read_time<&LogFilter::until>},
    KnownFilter{"limit", read_limit},
    KnownFilter{"cursor", read_cursor},
    KnownFilter{"metadata", read_metadata_object},
    // The same under the names that clients of the analytics routes use.
    KnownFilter{"status_code", read_status},
    KnownFilter{"start_time", read_time<&LogFilter::since>},
    KnownFilter{"end_time", read_time<&LogFilter::until>},
    KnownFilter{"time_of_generation_min", read_time<&LogFilter::since>},
    KnownFilter{"time_of_generation_max", read_time<&LogFilter::until>},
    KnownFilter{"page_size", read_limit},
};
constexpr std::size_t kFirstAlias = 14;

std::unexpected<Failure> unknown(std::string_view name) {
  constexpr std::size_t kNear = 3;
  const auto nearest = std::ranges::min_element(
      kKnown, {}, [&](const KnownFilter& known) { return edit_distance(known.name, name); });
  std::string message = "There is no log filter `" + std::string(name) + "`.";
  if (edit_distance(nearest->name, name) <= kNear) {
    message += " Did you mean `" + std::string(nearest->name) + "`?";
  }
  message += " Known are: metadata.KEY, headers.NAME";
  for (const KnownFilter& known : std::span(kKnown).first(kFirstAlias)) {
    message += ", ";
    message += known.name;
  }
  message += '.';
  return fail(client_error(ErrorCode::invalid_request, std::move(message), std::string(name)));
}

/// A name or value of a query: `+` is a space there.
std::string query_text(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decoded(spaced);
}

}  // namespace

Result<void> add_filter(LogFilter& filter, std::string_view name, std::string_view value,
                        WallTime now) {
  constexpr std::string_view kMetadata = "metadata.";
  constexpr std::string_view kHeaders = "headers.";
  if (name.starts_with(kMetadata) && name.size() > kMetadata.size()) {
    if (!value.empty()) filter.metadata.emplace_back(name.substr(kMetadata.size()), value);
    return {};
  }
  if (name.starts_with(kHeaders) && name.size() > kHeaders.size()) {
    if (!value.empty()) filter.headers.emplace_back(lowered(name.substr(kHeaders.size())), value);
    return {};
  }
  const auto known = std::ranges::find(kKnown, name, &KnownFilter::name);
  if (known == kKnown.end()) return unknown(name);
  if (value.empty()) return {};
  return known->read({filter, name, value, now});
}

Result<LogFilter> parse_filter(std::string_view query, WallTime now) {
  LogFilter filter;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string name = query_text(part.substr(0, equals));
    const std::string value = query_text(part.substr(std::min(equals + 1, part.size())));
    if (Result<void> added = add_filter(filter, name, value, now); !added) {
      return fail(std::move(added.error()));
    }
  }
  return filter;
}

std::string format_cursor(LogPosition position) { return std::to_string(position); }

}  // namespace gatehouse::logs
