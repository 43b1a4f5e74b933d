#include "gateway/rescue.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "dialects/fault.h"
#include "gateway/respond.h"
#include "json/scan.h"

namespace gatehouse::gateway {
namespace {

struct CodeRow {
  ErrorCode code;
  int status;
  std::string_view type;
};

// The statuses of the wire spec, section 5.2, and OpenAI's names for the types.
constexpr std::array kCodes = {
    CodeRow{ErrorCode::invalid_request, 400, "invalid_request_error"},
    CodeRow{ErrorCode::invalid_config, 400, "invalid_request_error"},
    CodeRow{ErrorCode::unauthorized, 401, "authentication_error"},
    CodeRow{ErrorCode::forbidden, 403, "permission_error"},
    CodeRow{ErrorCode::missing_provider, 400, "invalid_request_error"},
    CodeRow{ErrorCode::invalid_provider, 400, "invalid_request_error"},
    CodeRow{ErrorCode::missing_provider_key, 401, "authentication_error"},
    CodeRow{ErrorCode::model_not_supported, 404, "invalid_request_error"},
    CodeRow{ErrorCode::not_found, 404, "invalid_request_error"},
    CodeRow{ErrorCode::method_not_allowed, 405, "invalid_request_error"},
    CodeRow{ErrorCode::unsupported_media_type, 400, "invalid_request_error"},
    CodeRow{ErrorCode::body_too_large, 413, "invalid_request_error"},
    CodeRow{ErrorCode::head_too_large, 431, "invalid_request_error"},
    CodeRow{ErrorCode::capability_not_supported, 400, "invalid_request_error"},
    CodeRow{ErrorCode::custom_host_blocked, 400, "invalid_request_error"},
    CodeRow{ErrorCode::inline_config_blocked, 400, "invalid_request_error"},
    CodeRow{ErrorCode::inline_provider_blocked, 400, "invalid_request_error"},
    CodeRow{ErrorCode::inline_custom_host_blocked, 400, "invalid_request_error"},
    CodeRow{ErrorCode::inline_provider_url_blocked, 400, "invalid_request_error"},
    CodeRow{ErrorCode::inline_forward_headers_blocked, 400, "invalid_request_error"},
    CodeRow{ErrorCode::rate_limited, 429, "rate_limit_exceeded"},
    CodeRow{ErrorCode::budget_exceeded, 412, "budget_exceeded"},
    CodeRow{ErrorCode::guardrail_denied, 446, "hooks_failed"},
    CodeRow{ErrorCode::request_timeout, 408, "timeout_error"},
    CodeRow{ErrorCode::overloaded, 503, "server_error"},
    CodeRow{ErrorCode::upstream_connection, 503, "upstream_connection_error"},
    CodeRow{ErrorCode::upstream_status, 502, "upstream_error"},
    CodeRow{ErrorCode::upstream_malformed, 502, "upstream_error"},
    CodeRow{ErrorCode::upstream_cut, 502, "upstream_connection_error"},
    CodeRow{ErrorCode::client_gone, 499, "client_closed_request"},
    CodeRow{ErrorCode::store, 500, "server_error"},
    CodeRow{ErrorCode::internal, 500, "server_error"},
};

const CodeRow& row_of(ErrorCode code) {
  const auto found = std::ranges::find(kCodes, code, &CodeRow::code);
  return found != kCodes.end() ? *found : kCodes.back();
}

/// A few failures have words that people look for, whoever speaks them.
std::string_view well_known_words(const UpstreamStatus& upstream, const dialects::Fault& fault) {
  if (upstream.status == 401) return "Unauthorized";
  if (upstream.status == 429) return "Rate limit exceeded";
  const bool names_model = fault.code == "model_not_found" || fault.param == "model" ||
                           fault.message.find("model") != std::string::npos;
  if (upstream.status == 404 && names_model) return "Model not supported";
  if (upstream.status == 400 && fault.code == "model_not_found") return "Model not supported";
  return {};
}

bool contains_ignoring_case(std::string_view text, std::string_view wanted) {
  return lowered(text).find(lowered(wanted)) != std::string::npos;
}

std::string message_of(const UpstreamStatus& upstream, const dialects::Fault& fault) {
  const std::string_view words = well_known_words(upstream, fault);
  std::string message = upstream.provider + " error: ";
  if (!words.empty() && !contains_ignoring_case(fault.message, words)) {
    message.append(words).append(": ");
  }
  return message + fault.message;
}

std::string quoted_or_null(std::string_view text) {
  return text.empty() ? "null" : json::quote(text);
}

struct Told {
  std::string message;
  std::string type;
  std::string param;
  std::string code;
  std::string provider;
  std::string field;
};

/// What is refused in saved-only mode names the field twice: once in the words of that mode (wire
/// spec, 2.8).
bool names_field(ErrorCode code) {
  return code >= ErrorCode::inline_config_blocked &&
         code <= ErrorCode::inline_forward_headers_blocked;
}

Told tell(const Error& error) {
  if (!error.upstream) {
    return {error.message,
            std::string(row_of(error.code).type),
            error.param,
            std::string(name_of(error.code)),
            {},
            names_field(error.code) ? error.param : std::string()};
  }
  dialects::Fault fault = dialects::fault_of(error);
  if (fault.message.empty()) fault.message = "status " + std::to_string(error.upstream->status);
  std::string message = message_of(*error.upstream, fault);
  return {std::move(message),    std::move(fault.type),    std::move(fault.param),
          std::move(fault.code), error.upstream->provider, {}};
}

std::string error_object(const Told& told) {
  std::string text = R"("error":{"message":)" + json::quote(told.message);
  text += ",\"type\":" + quoted_or_null(told.type) + ",\"param\":" + quoted_or_null(told.param);
  text += ",\"code\":" + quoted_or_null(told.code);
  if (!told.field.empty()) text += ",\"field\":" + json::quote(told.field);
  text += "}";
  if (!told.provider.empty()) text += ",\"provider\":" + json::quote(told.provider);
  return text;
}

void add_retry_fields(const Error& error, http::FieldLines& fields) {
  if (error.upstream) {
    for (const auto& [name, value] : error.upstream->fields) fields.add(name, value);
  }
  if (error.retry_after && !fields.has("retry-after")) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count();
    fields.add("retry-after", static_cast<std::uint64_t>(seconds));
    fields.add("retry-after-ms", static_cast<std::uint64_t>(error.retry_after->count()));
  }
  if (error.code == ErrorCode::internal) fields.add("x-portkey-gateway-exception", "true");
}

bool is_messages(exchange::Endpoint endpoint) {
  return endpoint == exchange::Endpoint::messages ||
         endpoint == exchange::Endpoint::messages_count_tokens;
}

const dialects::FrontDoor& anthropic_door() {
  return *dialects::front_door(llm::DialectId::anthropic_messages);
}

http::Stream<http::Chunk> deliver(std::string body, Ending ending, Settlement settlement) {
  http::Chunk chunk = async::make_chunk(std::move(body));
  chunk.is_last = true;
  co_yield chunk;
  settlement.end(ending);
}

}  // namespace

dialects::ErrorWords words_of(const Error& error) {
  const CodeRow& row = row_of(error.code);
  return {error.upstream ? error.upstream->status : row.status, row.type, name_of(error.code)};
}

std::string error_body(const Error& error, exchange::Endpoint endpoint) {
  if (is_messages(endpoint)) return anthropic_door().encode_error(error, words_of(error));
  const Told told = tell(error);
  return R"({"status":"failure","message":)" + json::quote(told.message) + "," +
         error_object(told) + "}";
}

std::string error_event(const Error& error, exchange::Endpoint endpoint) {
  if (is_messages(endpoint)) return "event: error\ndata: " + error_body(error, endpoint) + "\n\n";
  return "data: {" + error_object(tell(error)) + "}\n\n";
}

http::Response rescue(Error error, Settlement settlement) {
  exchange::Exchange& exchange = settlement.exchange();
  http::Response response = refusal(error, exchange.trace_id);
  if (!exchange.provider.empty()) response.fields.add("x-portkey-provider", exchange.provider);
  if (exchange.cache != exchange::CacheStatus::undecided) {
    response.fields.add("x-portkey-cache-status", name_of(exchange.cache));
  }
  if (!exchange.attempts.empty()) {
    add_routing_fields(exchange, response.fields);
    // The gateway has tried what there was: clients that retry by themselves need not.
    const bool has_tried = exchange.attempts.size() > 1 || exchange.retry_count < 0;
    if (has_tried && !response.fields.has("x-should-retry")) {
      response.fields.add("x-should-retry", "false");
    }
  }
  std::string body = error_body(error, exchange.endpoint);
  exchange.status = response.status;
  if (exchange.response.is_on) exchange.response.text = body;
  const Ending ending = ending_of(error);
  exchange.error = std::move(error);
  response.length = body.size();
  response.body = deliver(std::move(body), ending, std::move(settlement));
  return response;
}

http::Response refusal(const Error& error, std::string_view trace_id) {
  http::Response response;
  response.status = words_of(error).status;
  response.fields.add("content-type", "application/json");
  response.fields.add("x-portkey-trace-id", trace_id);
  add_retry_fields(error, response.fields);
  std::string body = error_body(error, exchange::Endpoint::proxy);
  response.length = body.size();
  response.body = http::one_chunk(std::move(body));
  response.is_body_ready = true;
  return response;
}

}  // namespace gatehouse::gateway
