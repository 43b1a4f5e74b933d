#include "client/src/failure.h"

#include <algorithm>

#include "base/text.h"
#include "dialects/fault.h"
#include "json/value.h"

namespace gatehouse::client {
namespace {

constexpr std::string_view kTraceField = "x-portkey-trace-id";
constexpr std::string_view kRetryField = "retry-after";

bool mentions(std::string_view text, std::string_view words) {
  return lowered(text).find(lowered(words)) != std::string::npos;
}

/// A gateway says so in `provider` when the error was the provider's.
bool is_of_provider(const UpstreamStatus& answer) {
  const Result<json::Value> body = json::parse(answer.body);
  return body && !json::string_or(*body, "provider", "").empty();
}

ErrorKind kind_of_401(const UpstreamStatus& answer, const dialects::Fault& fault,
                      const Route& route) {
  if (mentions(fault.message, "missing api key for provider")) {
    return ErrorKind::missing_provider_key;
  }
  const bool had_no_key = route.credential == Credential::none;
  return had_no_key && is_of_provider(answer) ? ErrorKind::missing_provider_key
                                              : ErrorKind::authentication;
}

bool is_about_model(const UpstreamStatus& answer, const dialects::Fault& fault) {
  if (fault.code == "model_not_found" || mentions(fault.message, "model not supported")) {
    return true;
  }
  return answer.status == 404 && (fault.param == "model" || mentions(fault.message, "model"));
}

ErrorKind kind_of_status(const UpstreamStatus& answer, const dialects::Fault& fault,
                         const Route& route) {
  if (answer.status == 401) return kind_of_401(answer, fault, route);
  if (answer.status == 429) return ErrorKind::rate_limited;
  if (answer.status == 408 || answer.status == 504) return ErrorKind::timeout;
  if (answer.status < 200 || (answer.status >= 300 && answer.status < 400)) {
    return ErrorKind::bad_response;
  }
  if (answer.status < 500 && is_about_model(answer, fault)) return ErrorKind::model_not_supported;
  return answer.status < 500 ? ErrorKind::request : ErrorKind::server;
}

ErrorKind kind_of_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::upstream_connection:
    case ErrorCode::overloaded: return ErrorKind::connection;
    case ErrorCode::request_timeout: return ErrorKind::timeout;
    case ErrorCode::client_gone: return ErrorKind::cancelled;
    default: return ErrorKind::bad_response;
  }
}

std::string key_variable(const Route& route) {
  std::string provider = route.provider.empty() ? "provider" : route.provider;
  std::ranges::transform(provider, provider.begin(), [](char c) {
    if (c >= 'a' && c <= 'z') return static_cast<char>(c - 32);
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
  });
  return provider + "_API_KEY";
}

/// What the troubleshooting page says to each kind: its words, then what to set.
std::string words_of(const Failure& failure, const Route& route) {
  switch (failure.kind) {
    case ErrorKind::authentication:
      return "Unauthorized (401). Check that PORTKEY_API_KEY is set correctly and that the key is "
             "active at the gateway" +
             (route.credential == Credential::given ? ", and check " + key_variable(route) : "") +
             ".";
    case ErrorKind::missing_provider_key:
      return "Missing API key for provider '" + route.provider + "'. Set " + key_variable(route) +
             ", or use a virtual key (PortkeyParams::virtual_key).";
    case ErrorKind::model_not_supported:
      return "Model not supported: '" + route.model +
             "'. Write it as portkey/provider/model, and check that the gateway reaches it.";
    case ErrorKind::rate_limited:
      return "Rate limit exceeded. Set PortkeyParams::retry, or use a virtual key with a limit of "
             "its own.";
    case ErrorKind::timeout: return "Timed out. Raise OpenAIGPTConfig::timeout, or ask for less.";
    case ErrorKind::connection:
      return "Cannot reach " + route.origin +
             ". Check that the gateway runs there, and PORTKEY_BASE_URL.";
    case ErrorKind::bad_response:
      return "Bad response from " + route.origin +
             ". Check that it is a gateway (PORTKEY_BASE_URL) and nothing in between.";
    case ErrorKind::cancelled: return "Cancelled: the caller asked to stop.";
    case ErrorKind::server:
      return "The gateway or the provider failed (" + std::to_string(failure.status) + ").";
    default: return "The request was refused (" + std::to_string(failure.status) + ").";
  }
}

std::optional<std::chrono::milliseconds> retry_after_of(const Error& error) {
  if (error.retry_after) return error.retry_after;
  if (!error.upstream) return std::nullopt;
  for (const auto& [name, value] : error.upstream->fields) {
    if (name != kRetryField) continue;
    if (const auto seconds = parse_number<std::int32_t>(value); seconds && *seconds >= 0) {
      return std::chrono::seconds(*seconds);
    }
  }
  return std::nullopt;
}

std::string field_of(const Error& error, std::string_view wanted) {
  if (!error.upstream) return {};
  const auto& fields = error.upstream->fields;
  const auto found = std::ranges::find(fields, wanted, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? std::string() : found->second;
}

}  // namespace

Failure failure_of(const Error& error, const Route& route) {
  const bool has_status =
      error.code == ErrorCode::upstream_status || error.code == ErrorCode::rate_limited;
  Failure failure;
  failure.detail = error.message;
  if (error.upstream && has_status) {
    const dialects::Fault fault = dialects::fault_of(error);
    failure.status = error.upstream->status;
    failure.kind = kind_of_status(*error.upstream, fault, route);
    failure.detail = fault.message;
    failure.code = fault.code;
  } else {
    failure.kind = kind_of_code(error.code);
  }
  failure.trace_id = field_of(error, kTraceField);
  failure.retry_after = retry_after_of(error);
  failure.detail = without_secrets(route, std::move(failure.detail));
  failure.text = words_of(failure, route);
  const bool is_own = failure.kind == ErrorKind::cancelled || failure.detail.empty();
  if (!is_own) failure.text += (has_status ? " The answer said: " : " Reason: ") + failure.detail;
  return failure;
}

Error error_of_answer(const http::ResponseHead& head, const std::string& body) {
  UpstreamStatus answer{head.status, {}, body, std::string(head.fields.get("content-type")), {}};
  for (const std::string_view name : {kTraceField, kRetryField}) {
    if (head.fields.has(name)) answer.fields.emplace_back(name, head.fields.get(name));
  }
  Error error =
      upstream_error(head.status == 429 ? ErrorCode::rate_limited : ErrorCode::upstream_status, {});
  error.upstream = std::move(answer);
  return error;
}

}  // namespace gatehouse::client
