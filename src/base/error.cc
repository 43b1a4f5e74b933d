#include "base/error.h"

namespace gatehouse {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_request: return "invalid_request";
    case ErrorCode::invalid_config: return "invalid_config";
    case ErrorCode::unauthorized: return "unauthorized";
    case ErrorCode::forbidden: return "forbidden";
    case ErrorCode::missing_provider: return "missing_provider";
    case ErrorCode::invalid_provider: return "invalid_provider";
    case ErrorCode::missing_provider_key: return "missing_provider_key";
    case ErrorCode::model_not_supported: return "model_not_supported";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::method_not_allowed: return "method_not_allowed";
    case ErrorCode::unsupported_media_type: return "unsupported_media_type";
    case ErrorCode::body_too_large: return "body_too_large";
    case ErrorCode::head_too_large: return "head_too_large";
    case ErrorCode::capability_not_supported: return "capability_not_supported";
    case ErrorCode::custom_host_blocked: return "custom_host_blocked";
    case ErrorCode::inline_config_blocked: return "inline_config_blocked";
    case ErrorCode::inline_provider_blocked: return "inline_provider_blocked";
    case ErrorCode::inline_custom_host_blocked: return "inline_custom_host_blocked";
    case ErrorCode::inline_provider_url_blocked: return "inline_provider_url_blocked";
    case ErrorCode::inline_forward_headers_blocked: return "inline_forward_headers_blocked";
    case ErrorCode::rate_limited: return "rate_limited";
    case ErrorCode::budget_exceeded: return "budget_exceeded";
    case ErrorCode::guardrail_denied: return "guardrail_denied";
    case ErrorCode::request_timeout: return "request_timeout";
    case ErrorCode::overloaded: return "overloaded";
    case ErrorCode::upstream_connection: return "upstream_connection";
    case ErrorCode::upstream_status: return "upstream_status";
    case ErrorCode::upstream_malformed: return "upstream_malformed";
    case ErrorCode::upstream_cut: return "upstream_cut";
    case ErrorCode::client_gone: return "client_gone";
    case ErrorCode::store: return "store";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::client: return "client";
    case Origin::gateway: return "gateway";
    case Origin::upstream: return "upstream";
    case Origin::store: return "store";
  }
  return "gateway";
}

}  // namespace gatehouse
