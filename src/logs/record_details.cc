#include "logs/record_details.h"

#include <array>

#include "json/value.h"
#include "logs/json_text.h"

namespace gatehouse::logs {
namespace {

struct TextField {
  std::string_view name;
  std::string LogRecord::* member;
};

/// In older details.
constexpr std::array kTexts = {
    TextField{"span", &LogRecord::span_id},
    TextField{"parent", &LogRecord::parent_span_id},
    TextField{"span_name", &LogRecord::span_name},
    TextField{"organization", &LogRecord::organization},
    TextField{"finish", &LogRecord::finish_reason},
    TextField{"cache", &LogRecord::cache_status},
};

void append_text(JsonText& json, std::string_view name, const std::string& value) {
  if (!value.empty()) json.member(name, value);
}

void append_number(JsonText& json, std::string_view name, std::int64_t value) {
  if (value != 0) json.key(name).number(value);
}

// Left out of older details when they were what they nearly always are.
constexpr std::string_view kUsualMethod = "POST";
constexpr std::string_view kUsualPath = "/v1/chat/completions";

std::optional<std::int64_t> usual_total(const TokenCounts& tokens) {
  if (!tokens.prompt || !tokens.completion) return std::nullopt;
  return *tokens.prompt + *tokens.completion;
}

void append_attempt(JsonText& json, const LoggedAttempt& attempt) {
  json.begin('{');
  append_text(json, "target", attempt.target);
  append_text(json, "provider", attempt.provider);
  append_text(json, "model", attempt.model);
  append_text(json, "error", attempt.error);
  append_text(json, "reason", attempt.reason);
  append_number(json, "status", attempt.status);
  append_number(json, "start", attempt.start.count());
  append_number(json, "wait", attempt.wait.count());
  append_number(json, "total", attempt.total.count());
  json.end('}');
}

void append_error(JsonText& json, const LoggedError& error) {
  json.key("error").begin('{');
  json.member("code", name_of(error.code)).member("origin", name_of(error.origin));
  json.member("message", error.message).end('}');
}

std::string text_of(const json::Value& object, std::string_view name) {
  return std::string(json::string_or(object, name, ""));
}

std::optional<std::int64_t> count_of(const json::Value& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

std::int64_t number_of(const json::Value& object, std::string_view name) {
  return count_of(object, name).value_or(0);
}

Pairs pairs_of(const json::Value& object, std::string_view name) {
  Pairs pairs;
  const json::Value* value = json::find(object, name);
  if (value == nullptr || !value->is_object()) return pairs;
  for (const auto& member : value->get_object()) {
    if (!member.value().is_string()) continue;
    pairs.emplace_back(member.key(), std::string(member.value().get_string()));
  }
  return pairs;
}

LoggedAttempt attempt_of(const json::Value& object) {
  using std::chrono::microseconds;
  LoggedAttempt attempt;
  attempt.target = text_of(object, "target");
  attempt.provider = text_of(object, "provider");
  attempt.model = text_of(object, "model");
  attempt.error = text_of(object, "error");
  attempt.reason = text_of(object, "reason");
  attempt.status = static_cast<int>(number_of(object, "status"));
  attempt.start = microseconds(number_of(object, "start"));
  attempt.wait = microseconds(number_of(object, "wait"));
  attempt.total = microseconds(number_of(object, "total"));
  return attempt;
}

/// The enumerator of a closed enum by its name: `last` is its last one.
template <class Enum>
Enum named_or(std::string_view name, Enum last, Enum otherwise) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return otherwise;
}

LoggedError error_of(const json::Value& object) {
  return {named_or(json::string_or(object, "code", ""), ErrorCode::internal, ErrorCode::internal),
          named_or(json::string_or(object, "origin", ""), Origin::store, Origin::gateway),
          text_of(object, "message")};
}

void read_rarest(const json::Value& object, LogRecord& record) {
  if (const json::Value* attempts = json::find(object, "attempts");
      attempts != nullptr && attempts->is_array()) {
    for (const json::Value& attempt : attempts->get_array()) {
      record.attempts.push_back(attempt_of(attempt));
    }
  }
  if (const json::Value* dropped = json::find(object, "dropped");
      dropped != nullptr && dropped->is_array()) {
    for (const json::Value& name : dropped->get_array()) {
      if (name.is_string()) record.dropped_params.emplace_back(name.get_string());
    }
  }
  if (const json::Value* error = json::find(object, "error"); error != nullptr) {
    record.error = error_of(*error);
  }
}

Result<json::Value> parse_object(std::string_view details) {
  Result<json::Value> parsed = json::parse(details);
  if (parsed && parsed->is_object()) return parsed;
  return fail(
      {ErrorCode::store, Origin::store, "A log record's details are no JSON object.", {}, {}, {}});
}

}  // namespace

void append_details(std::string& out, const LogRecord& record) {
  JsonText json(out);
  json.begin('{');
  if (!record.attempts.empty()) {
    json.key("attempts").begin('[');
    for (const LoggedAttempt& attempt : record.attempts) append_attempt(json, attempt);
    json.end(']');
  }
  if (!record.dropped_params.empty()) {
    json.key("dropped").begin('[');
    for (const std::string& name : record.dropped_params) json.text(name);
    json.end(']');
  }
  if (record.error) append_error(json, *record.error);
  json.end('}');
}

Result<void> read_details(std::string_view details, LogRecord& record) {
  const Result<json::Value> object = parse_object(details);
  if (!object) return fail(object.error());
  read_rarest(*object, record);
  return {};
}

Result<void> read_older_details(std::string_view details, LogRecord& record) {
  const Result<json::Value> parsed = parse_object(details);
  if (!parsed) return fail(parsed.error());
  const json::Value& object = *parsed;
  for (const TextField& field : kTexts) record.*field.member = text_of(object, field.name);
  record.method = json::string_or(object, "method", kUsualMethod);
  record.path = json::string_or(object, "path", kUsualPath);
  record.retry_count = static_cast<int>(number_of(object, "retries"));
  if (const auto upstream = count_of(object, "upstream")) {
    record.times.upstream = std::chrono::microseconds(*upstream);
  }
  record.tokens.total = json::find(object, "total") == nullptr ? usual_total(record.tokens)
                                                               : count_of(object, "total");
  record.tokens.cached = count_of(object, "cached");
  record.tokens.reasoning = count_of(object, "reasoning");
  record.metadata = pairs_of(object, "metadata");
  record.headers = pairs_of(object, "headers");
  read_rarest(object, record);
  return {};
}

}  // namespace gatehouse::logs
