#include "gateway/gateway_fields.h"

#include <array>

#include "base/text.h"

namespace gatehouse::gateway {
namespace {

constexpr std::string_view kPrefix = "x-portkey-";

struct Known {
  std::string_view name;
  std::string_view GatewayFields::* member;
};

constexpr std::array kPortkeyFields = {
    Known{"api-key", &GatewayFields::api_key},
    Known{"provider", &GatewayFields::provider},
    Known{"virtual-key", &GatewayFields::virtual_key},
    Known{"config", &GatewayFields::config},
    Known{"trace-id", &GatewayFields::trace_id},
    Known{"span-id", &GatewayFields::span_id},
    Known{"parent-span-id", &GatewayFields::parent_span_id},
    Known{"span-name", &GatewayFields::span_name},
    Known{"metadata", &GatewayFields::metadata},
    Known{"user", &GatewayFields::user},
    Known{"organization", &GatewayFields::organization},
    Known{"custom-host", &GatewayFields::custom_host},
    Known{"forward-headers", &GatewayFields::forward_headers},
    Known{"request-timeout", &GatewayFields::request_timeout},
    Known{"strict-open-ai-compliance", &GatewayFields::strict_open_ai_compliance},
    Known{"strict-openai-compliance", &GatewayFields::strict_open_ai_compliance},
    Known{"drop-params", &GatewayFields::drop_params},
    Known{"debug", &GatewayFields::debug},
    Known{"cache", &GatewayFields::cache},
    Known{"cache-force-refresh", &GatewayFields::cache_force_refresh},
    Known{"cache-namespace", &GatewayFields::cache_namespace},
    Known{"retry", &GatewayFields::retry},
};

constexpr std::array kPlainFields = {
    Known{"authorization", &GatewayFields::authorization},
    Known{"x-api-key", &GatewayFields::x_api_key},
    Known{"traceparent", &GatewayFields::traceparent},
    Known{"content-type", &GatewayFields::content_type},
    Known{"origin", &GatewayFields::origin},
};

template <std::size_t N>
void note(const std::array<Known, N>& known, std::string_view name, std::string_view value,
          GatewayFields& into) {
  for (const Known& each : known) {
    if (each.name.size() != name.size() || !equals_ignoring_case(each.name, name)) continue;
    // The first one counts: a second cannot take its place behind somebody's back.
    if ((into.*each.member).empty()) into.*each.member = value;
    return;
  }
}

}  // namespace

GatewayFields read_gateway_fields(const http::Fields& fields) {
  GatewayFields found;
  for (const http::Field& field : fields) {
    if (is_gateway_field(field.name)) {
      note(kPortkeyFields, field.name.substr(kPrefix.size()), field.value, found);
    } else {
      note(kPlainFields, field.name, field.value, found);
    }
  }
  return found;
}

bool is_gateway_field(std::string_view name) {
  return name.size() > kPrefix.size() && starts_with_ignoring_case(name, kPrefix);
}

}  // namespace gatehouse::gateway
