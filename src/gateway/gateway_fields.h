// The header fields of a request that mean something to the gateway, picked out in one pass.
#pragma once

#include <string_view>

#include "http/head.h"

namespace gatehouse::gateway {

/// Views into the request's head; empty if absent. Names as in the wire spec, section 2.1, without
/// their prefix `x-portkey-`.
struct GatewayFields {
  std::string_view api_key;
  std::string_view provider;
  std::string_view virtual_key;
  std::string_view config;
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view parent_span_id;
  std::string_view span_name;
  std::string_view metadata;
  std::string_view user;
  std::string_view organization;
  std::string_view custom_host;
  std::string_view forward_headers;
  std::string_view request_timeout;
  std::string_view strict_open_ai_compliance;
  std::string_view drop_params;
  std::string_view debug;
  std::string_view cache;
  std::string_view cache_force_refresh;
  std::string_view cache_namespace;
  std::string_view retry;
  // without the prefix on the wire
  std::string_view authorization;
  std::string_view x_api_key;
  std::string_view traceparent;
  std::string_view content_type;
  std::string_view origin;

  /// `x-portkey-debug: false` asks not to be tracked: no bodies in the record.
  bool may_keep_bodies() const { return debug != "false"; }
};

GatewayFields read_gateway_fields(const http::Fields& fields);

/// True for every field that is meant for the gateway and never goes upstream.
bool is_gateway_field(std::string_view name);

}  // namespace gatehouse::gateway
