#include "logs/times.h"

#include <cstdint>

#include "base/text.h"

namespace gatehouse::logs {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

/// Takes exactly `width` digits off the front of `text`.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  const std::string_view digits = text.substr(0, width);
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  text.remove_prefix(width);
  return parse_number<unsigned>(digits);
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<sys_days> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                            std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

/// "hh:mm", "hhmm" or "hh".
std::optional<std::chrono::minutes> take_hours_and_minutes(std::string_view& text) {
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 24) return std::nullopt;
  unsigned minutes = 0;
  take(text, ":");
  if (const auto given = take_digits(text, 2)) minutes = *given;
  if (minutes > 59) return std::nullopt;
  return std::chrono::minutes(*hours * 60 + minutes);
}

microseconds take_fraction(std::string_view& text) {
  microseconds fraction{};
  if (!take(text, ".,")) return fraction;
  for (std::int64_t unit = 100'000; !text.empty() && text.front() >= '0' && text.front() <= '9';
       unit /= 10) {
    fraction += microseconds((text.front() - '0') * unit);
    text.remove_prefix(1);
  }
  return fraction;
}

std::optional<microseconds> take_time_of_day(std::string_view& text) {
  const auto minutes = take_hours_and_minutes(text);
  if (!minutes) return std::nullopt;
  microseconds time = *minutes;
  if (take(text, ":")) {
    const auto given = take_digits(text, 2);
    if (!given || *given > 60) return std::nullopt;
    time += seconds(*given);
  }
  return time + take_fraction(text);
}

/// What is to be subtracted from local time to get UTC.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
  if (text.empty() || take(text, "Zz")) return std::chrono::minutes(0);
  // A `+` in a query string that was not escaped has become a space.
  const bool is_east = text.front() == '+' || text.front() == ' ';
  if (!take(text, "+- ")) return std::nullopt;
  const auto offset = take_hours_and_minutes(text);
  if (!offset) return std::nullopt;
  return is_east ? *offset : -*offset;
}

std::optional<WallTime> parse_unix_time(std::string_view text) {
  constexpr std::size_t kMillisDigits = 13;
  const auto number = parse_number<std::int64_t>(text);
  if (!number || *number < 0 || text.size() > kMillisDigits) return std::nullopt;
  if (text.size() == kMillisDigits) return WallTime(std::chrono::milliseconds(*number));
  return WallTime(seconds(*number));
}

}  // namespace

std::string format_time(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const year_month_day date(day);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(time - day).count();
  std::string out;
  append_padded(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_padded(out, millis / 3'600'000, 2);
  out += ':';
  append_padded(out, millis / 60'000 % 60, 2);
  out += ':';
  append_padded(out, millis / 1000 % 60, 2);
  out += '.';
  append_padded(out, millis % 1000, 3);
  out += 'Z';
  return out;
}

std::optional<WallTime> parse_time(std::string_view text) {
  text = trimmed(text);
  if (text.find('-') == std::string_view::npos) return parse_unix_time(text);
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  if (text.empty()) return WallTime(date->time_since_epoch());
  if (!take(text, "Tt ")) return std::nullopt;
  const auto time = take_time_of_day(text);
  if (!time) return std::nullopt;
  const auto zone = take_zone(text);
  if (!zone || !text.empty()) return std::nullopt;
  return WallTime(date->time_since_epoch() + *time - *zone);
}

std::optional<seconds> parse_duration(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  const auto count = parse_number<std::int32_t>(text.substr(0, text.size() - 1));
  if (!count || *count <= 0) return std::nullopt;
  switch (text.back()) {
    case 's': return seconds(*count);
    case 'm': return std::chrono::minutes(*count);
    case 'h': return std::chrono::hours(*count);
    case 'd': return std::chrono::days(*count);
    case 'w': return std::chrono::weeks(*count);
    default: return std::nullopt;
  }
}

std::optional<WallTime> parse_time_or_age(std::string_view text, WallTime now) {
  if (const auto age = parse_duration(text)) return now - *age;
  return parse_time(text);
}

}  // namespace gatehouse::logs
