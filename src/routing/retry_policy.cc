#include "routing/retry_policy.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace gatehouse::routing {
namespace {

constexpr std::array kMonths = {
    std::string_view("Jan"), std::string_view("Feb"), std::string_view("Mar"),
    std::string_view("Apr"), std::string_view("May"), std::string_view("Jun"),
    std::string_view("Jul"), std::string_view("Aug"), std::string_view("Sep"),
    std::string_view("Oct"), std::string_view("Nov"), std::string_view("Dec")};

struct DateParts {
  int day = 0;
  int month = 0;
  int year = 0;
  int seconds = 0;  // of the day
};

std::optional<int> month_named(std::string_view name) {
  const auto* const found = std::ranges::find(kMonths, name);
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<int>(found - kMonths.begin()) + 1;
}

std::optional<int> seconds_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hours = parse_number<int>(text.substr(0, 2));
  const auto minutes = parse_number<int>(text.substr(3, 2));
  const auto seconds = parse_number<int>(text.substr(6, 2));
  if (!hours || !minutes || !seconds) return std::nullopt;
  if (*hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  return *hours * 3600 + *minutes * 60 + *seconds;
}

std::optional<std::int64_t> seconds_of(const DateParts& parts) {
  const std::chrono::year_month_day date{std::chrono::year(parts.year),
                                         std::chrono::month(static_cast<unsigned>(parts.month)),
                                         std::chrono::day(static_cast<unsigned>(parts.day))};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(days).count() + parts.seconds;
}

std::optional<std::int64_t> date_of(std::string_view day, std::string_view month,
                                    std::string_view year, std::string_view time) {
  const auto d = parse_number<int>(day);
  const auto m = month_named(month);
  auto y = parse_number<int>(year);
  const auto s = seconds_of_day(time);
  if (!d || !m || !y || !s) return std::nullopt;
  // RFC 9110: a year of two digits is the nearest that is not more than 50 years ahead.
  if (year.size() == 2) *y += *y < 70 ? 2000 : 1900;
  return seconds_of({*d, *m, *y, *s});
}

std::optional<Milliseconds> milliseconds_of(std::string_view text, double unit) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0)) {
    return std::nullopt;
  }
  constexpr double kLongestKnown = 1e12;
  return Milliseconds{static_cast<std::int64_t>(std::min(value * unit, kLongestKnown))};
}

std::optional<Milliseconds> until_date(std::string_view text, WallTime now) {
  const auto then = parse_http_date(text);
  if (!then) return std::nullopt;
  const auto wait = WallTime(std::chrono::seconds{*then}) - now;
  return std::max(Milliseconds{0}, std::chrono::ceil<Milliseconds>(wait));
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  // "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"
  const std::vector<std::string_view> words = split_list(text, ' ');
  const bool is_gmt = !words.empty() && words.back() == "GMT";
  if (is_gmt && words.size() == 6) return date_of(words[1], words[2], words[3], words[4]);
  if (is_gmt && words.size() == 4) {
    const std::vector<std::string_view> date = split_list(words[1], '-');
    if (date.size() != 3) return std::nullopt;
    return date_of(date[0], date[1], date[2], words[2]);
  }
  if (words.size() == 5) return date_of(words[2], words[1], words[4], words[3]);
  return std::nullopt;
}

std::optional<Milliseconds> retry_after_of(const FieldList& fields, WallTime now) {
  const auto value_of = [&](std::string_view name) -> std::string_view {
    for (const auto& [key, value] : fields) {
      if (equals_ignoring_case(key, name)) return trimmed(value);
    }
    return {};
  };
  for (const std::string_view name : {"retry-after-ms", "x-ms-retry-after-ms"}) {
    if (const auto wait = milliseconds_of(value_of(name), 1)) return wait;
  }
  const std::string_view text = value_of("retry-after");
  if (const auto wait = milliseconds_of(text, 1000)) return wait;
  return until_date(text, now);
}

Milliseconds backoff_before(std::uint32_t k, const exchange::RetryRules& rules, Random& random) {
  constexpr Milliseconds kSecond{1000};
  const std::uint32_t steps = std::max(1U, std::min(k, 16U));
  const Milliseconds pause =
      rules.backoff == exchange::Backoff::linear ? kSecond * steps : kSecond * (1U << (steps - 1));
  if (!rules.has_jitter) return pause;
  const double factor = 0.5 + random.unit();
  return Milliseconds{static_cast<std::int64_t>(static_cast<double>(pause.count()) * factor)};
}

std::optional<Milliseconds> Pauses::before(std::uint32_t k, std::optional<Milliseconds> asked) {
  if (!asked || rules_->retry_after == exchange::RetryAfter::ignored) {
    return granted_.count() > 0 ? Milliseconds{0} : backoff_before(k, *rules_, *random_);
  }
  if (*asked >= kLongest || granted_ + *asked > kLongest) return std::nullopt;
  granted_ += *asked;
  return asked;
}

}  // namespace gatehouse::routing
