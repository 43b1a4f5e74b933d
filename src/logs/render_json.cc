#include "logs/render_json.h"

#include "json/value.h"
#include "logs/json_text.h"
#include "logs/parse_filter.h"
#include "logs/times.h"

namespace gatehouse::logs {
namespace {

std::string_view truth(bool value) { return value ? "true" : "false"; }

void text_or_null(JsonText& json, std::string_view name, const std::string& value) {
  json.key(name);
  value.empty() ? json.raw("null") : json.text(value);
}

void number_or_null(JsonText& json, std::string_view name,
                    const std::optional<std::int64_t>& value) {
  json.key(name);
  value ? json.number(*value) : json.raw("null");
}

void duration_or_null(JsonText& json, std::string_view name,
                      const std::optional<std::chrono::microseconds>& value) {
  json.key(name);
  value ? json.milliseconds(*value) : json.raw("null");
}

void render_pairs(JsonText& json, std::string_view name, const Pairs& pairs) {
  json.key(name).begin('{');
  for (const auto& [key, value] : pairs) json.foreign_key(key).text(value);
  json.end('}');
}

void render_times(JsonText& json, const RecordTimes& times) {
  json.key("times").begin('{').key("total_ms").milliseconds(times.total);
  duration_or_null(json, "first_byte_ms", times.first_byte);
  json.key("gateway_ms").milliseconds(times.gateway);
  duration_or_null(json, "upstream_ms", times.upstream);
  json.end('}');
}

void render_attempts(JsonText& json, const std::vector<LoggedAttempt>& attempts) {
  json.key("attempts").begin('[');
  for (const LoggedAttempt& attempt : attempts) {
    json.begin('{');
    text_or_null(json, "target", attempt.target);
    text_or_null(json, "provider", attempt.provider);
    text_or_null(json, "model", attempt.model);
    json.key("status").number(attempt.status);
    text_or_null(json, "error", attempt.error);
    text_or_null(json, "reason", attempt.reason);
    json.key("start_ms").milliseconds(attempt.start);
    json.key("wait_ms").milliseconds(attempt.wait);
    json.key("total_ms").milliseconds(attempt.total);
    json.end('}');
  }
  json.end(']');
}

void render_error(JsonText& json, const std::optional<LoggedError>& error) {
  json.key("error");
  if (!error) {
    json.raw("null");
    return;
  }
  json.begin('{').key("code").text(name_of(error->code)).key("origin").text(name_of(error->origin));
  json.key("message").text(error->message).end('}');
}

void render_cost(JsonText& json, const std::optional<std::int64_t>& nano_usd) {
  number_or_null(json, "cost_nano_usd", nano_usd);
}

void render_who(JsonText& json, const LogRecord& record) {
  text_or_null(json, "api_key_id", record.key_id);
  render_pairs(json, "metadata", record.metadata);
  text_or_null(json, "user", record.user);
  text_or_null(json, "organization", record.organization);
  render_pairs(json, "headers", record.headers);
}

void render_outcome(JsonText& json, const LogRecord& record) {
  text_or_null(json, "provider", record.provider);
  text_or_null(json, "model", record.model);
  text_or_null(json, "response_model", record.answered_model);
  json.key("status").number(record.status).key("end").text(name_of(record.ending));
  number_or_null(json, "prompt_tokens", record.tokens.prompt);
  number_or_null(json, "completion_tokens", record.tokens.completion);
  number_or_null(json, "total_tokens", record.tokens.total);
  number_or_null(json, "cached_tokens", record.tokens.cached);
  number_or_null(json, "reasoning_tokens", record.tokens.reasoning);
  render_cost(json, record.cost_nano_usd);
  text_or_null(json, "finish_reason", record.finish_reason);
}

void render_route(JsonText& json, const LogRecord& record) {
  text_or_null(json, "endpoint", record.endpoint);
  text_or_null(json, "method", record.method);
  text_or_null(json, "path", record.path);
  json.key("stream").raw(truth(record.streaming == Streaming::yes));
  text_or_null(json, "cache_status", record.cache_status);
  json.key("retry_count").number(record.retry_count);
  render_attempts(json, record.attempts);
  json.key("dropped_params").begin('[');
  for (const std::string& name : record.dropped_params) json.text(name);
  json.end(']');
}

/// All members of a row, without the closing bracket.
void open_row(JsonText& json, const LogRecord& record) {
  json.begin('{').key("id").text(record.id);
  text_or_null(json, "trace_id", record.trace_id);
  text_or_null(json, "span_id", record.span_id);
  text_or_null(json, "parent_span_id", record.parent_span_id);
  text_or_null(json, "span_name", record.span_name);
  json.key("created_at").text(format_time(record.started));
  render_outcome(json, record);
  render_who(json, record);
  render_error(json, record.error);
  render_times(json, record.times);
  render_route(json, record);
}

std::string_view state_name(BodyState state) {
  switch (state) {
    case BodyState::not_captured: return "not_captured";
    case BodyState::whole: return "whole";
    case BodyState::truncated: return "truncated";
    case BodyState::gone: return "gone";
  }
  return "not_captured";
}

void render_body(JsonText& json, std::string_view name, const LoggedBody& body) {
  json.key(name).begin('{').key("body");
  if (body.state == BodyState::not_captured || body.state == BodyState::gone) {
    json.raw("null");
  } else if (body.state == BodyState::whole && json::parse(body.text)) {
    json.raw(body.text);
  } else {
    json.text(body.text);
  }
  json.key("truncated").raw(truth(body.state == BodyState::truncated));
  json.key("state").text(state_name(body.state)).end('}');
}

}  // namespace

std::string render_row(const LogRecord& record) {
  std::string out;
  JsonText json(out);
  open_row(json, record);
  json.end('}');
  return out;
}

std::string render_record(const LogRecord& record) {
  std::string out;
  JsonText json(out);
  open_row(json, record);
  render_body(json, "request", record.request);
  render_body(json, "response", record.response);
  json.end('}');
  return out;
}

std::string render_page(const LogPage& page) {
  std::string out;
  JsonText json(out);
  json.begin('{').key("object").text("list").key("total").number(page.total);
  json.key("total_is_exact").raw(truth(page.is_total_exact));
  json.key("has_more").raw(truth(page.next.has_value())).key("next_cursor");
  page.next ? json.text(format_cursor(*page.next)) : json.raw("null");
  json.key("data").begin('[');
  for (const LogRecord& record : page.records) {
    open_row(json, record);
    json.end('}');
  }
  json.end(']').end('}');
  return out;
}

}  // namespace gatehouse::logs
