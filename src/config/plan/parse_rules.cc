#include "config/plan/parse_rules.h"

#include <algorithm>
#include <limits>

namespace gatehouse::config {
namespace {

using exchange::Backoff;
using exchange::BreakerRules;
using exchange::CacheMode;
using exchange::CacheSettings;
using exchange::RetryAfter;
using exchange::RetryRules;

constexpr std::int64_t kMostAttempts = 5;
constexpr std::int64_t kAny = std::numeric_limits<std::int32_t>::max();

void report_unknown(const std::string& /*name*/, const PlanValue& value) {
  value.report("is no key that is known here");
}

// Beyond five attempts are cut, not refused: clients ask for what they like.
void take_attempts(const PlanValue& value, RetryRules& rules) {
  if (const auto count = value.whole(0, kAny)) {
    rules.attempts = static_cast<std::uint32_t>(std::min(*count, kMostAttempts));
  }
}

void take_retry_after(const PlanValue& value, RetryRules& rules) {
  if (const auto is_on = value.flag()) {
    rules.retry_after = *is_on ? RetryAfter::honoured : RetryAfter::ignored;
  }
}

void take_backoff(const PlanValue& value, RetryRules& rules) {
  const std::optional<std::string> word = value.text();
  if (!word) return;
  if (*word == "linear") {
    rules.backoff = Backoff::linear;
  } else if (*word != "exponential") {
    value.report("must be exponential or linear");
  }
}

void take_statuses(const PlanValue& value, RetryRules& rules) {
  rules.on_status_codes = value.statuses();
}

void take_jitter(const PlanValue& value, RetryRules& rules) {
  rules.has_jitter = value.flag().value_or(false);
}

constexpr PlanRow<RetryRules> kRetry[] = {
    {"attempts", &take_attempts},
    {"max_attempts", &take_attempts},
    {"max_retries", &take_attempts},
    {"on_status_codes", &take_statuses},
    {"use_retry_after_header", &take_retry_after},
    {"use_retry_after_headers", &take_retry_after},
    {"backoff", &take_backoff},
    {"jitter", &take_jitter},
};

void take_mode(const PlanValue& value, CacheSettings& settings) {
  const std::optional<std::string> word = value.text();
  if (!word) return;
  if (*word == "simple") {
    settings.mode = CacheMode::simple;
  } else if (*word == "semantic") {
    settings.mode = CacheMode::semantic;
  } else {
    value.report("must be simple or semantic");
  }
}

void take_max_age(const PlanValue& value, CacheSettings& settings) {
  if (const auto seconds = value.whole(1, 25'923'000)) {
    settings.max_age = std::chrono::seconds{*seconds};
  }
}

void take_namespace(const PlanValue& value, CacheSettings& settings) {
  settings.name_space = value.text().value_or("");
}

constexpr PlanRow<CacheSettings> kCache[] = {
    {"mode", &take_mode},
    {"max_age", &take_max_age},
    {"ttl", &take_max_age},
    {"namespace", &take_namespace},
};

// Written as in Portkey's documents: never re-cased, but both spellings are read the same way.
constexpr PlanRow<BreakerRules> kBreaker[] = {
    {"failure_threshold",
     [](const PlanValue& value, BreakerRules& rules) {
       rules.failure_threshold = value.number(1).value_or(1);
     }},
    {"failure_threshold_percentage",
     [](const PlanValue& value, BreakerRules& rules) {
       rules.failure_percentage = value.number(0);
     }},
    {"minimum_requests",
     [](const PlanValue& value, BreakerRules& rules) {
       rules.minimum_requests = static_cast<std::uint32_t>(value.whole(0, kAny).value_or(0));
     }},
    {"cooldown_interval",
     [](const PlanValue& value, BreakerRules& rules) {
       const std::int64_t cooldown = value.whole(30'000, kAny).value_or(30'000);
       rules.cooldown = std::chrono::milliseconds{cooldown};
     }},
    {"failure_status_codes",
     [](const PlanValue& value, BreakerRules& rules) {
       rules.failure_status_codes = value.statuses();
     }},
};

}  // namespace

RetryRules read_retry(const PlanValue& value) {
  RetryRules rules;
  read_members<RetryRules>(value, kRetry, rules, report_unknown);
  return rules;
}

CacheSettings read_cache(const PlanValue& value) {
  CacheSettings settings;
  if (value.json().is_string()) {
    take_mode(value, settings);
    return settings;
  }
  read_members<CacheSettings>(value, kCache, settings, report_unknown);
  if (!settings.is_on()) value.report("must have a mode: simple or semantic");
  return settings;
}

BreakerRules read_breaker(const PlanValue& value) {
  BreakerRules rules;
  read_members<BreakerRules>(value, kBreaker, rules, report_unknown);
  return rules;
}

Result<RetryRules> parse_retry_field(std::string_view text) {
  const Result<json::Value> parsed = json::parse(text);
  PlanProblems problems;
  RetryRules rules;
  if (parsed) rules = read_retry(PlanValue(*parsed, "", problems));
  if (parsed && problems.empty()) return rules;
  return fail(client_error(ErrorCode::invalid_config,
                           "Invalid x-portkey-retry: " +
                               (parsed ? describe(problems) : "it must be a JSON object") + ".",
                           "x-portkey-retry"));
}

std::string describe(const PlanProblems& problems) {
  std::string text;
  for (const PlanProblem& each : problems) {
    if (!text.empty()) text += "; ";
    text += "path: " + each.path + ", message: " + each.message;
  }
  return text;
}

}  // namespace gatehouse::config
