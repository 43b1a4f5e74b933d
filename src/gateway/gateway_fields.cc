#include "gateway/gateway_fields.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace gatehouse::gateway {
namespace {

constexpr std::string_view kPrefix = "x-portkey-";

struct Known {
  std::string_view name;
  std::string_view GatewayFields::* member;
};

/// Names in the order of their lengths, so that a field is compared with the few of its own length.
template <std::size_t N>
class Names {
 public:
  explicit constexpr Names(std::array<Known, N> known) : known_(known) {
    std::ranges::sort(known_, {}, [](const Known& each) { return each.name.size(); });
    for (std::size_t i = N; i > 0; --i) first_[known_[i - 1].name.size()] = i - 1;
  }
  const Known* find(std::string_view name) const {
    if (name.size() > kLongest) return nullptr;
    for (std::size_t i = first_[name.size()]; i < N; ++i) {
      if (known_[i].name.size() != name.size()) return nullptr;
      if (equals_ignoring_case(known_[i].name, name)) return &known_[i];
    }
    return nullptr;
  }

 private:
  static constexpr std::size_t kLongest = 32;
  static constexpr std::array<std::size_t, kLongest + 1> none() {
    std::array<std::size_t, kLongest + 1> first{};
    first.fill(N);
    return first;
  }
  std::array<Known, N> known_;
  std::array<std::size_t, kLongest + 1> first_ = none();
};

constexpr Names kPortkeyFields(std::array{
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
});

constexpr Names kPlainFields(std::array{
    Known{"authorization", &GatewayFields::authorization},
    Known{"x-api-key", &GatewayFields::x_api_key},
    Known{"traceparent", &GatewayFields::traceparent},
    Known{"content-type", &GatewayFields::content_type},
    Known{"origin", &GatewayFields::origin},
});

}  // namespace

GatewayFields read_gateway_fields(const http::Fields& fields) {
  GatewayFields found;
  for (const http::Field& field : fields) {
    const Known* const known = is_gateway_field(field.name)
                                   ? kPortkeyFields.find(field.name.substr(kPrefix.size()))
                                   : kPlainFields.find(field.name);
    if (known == nullptr) continue;
    // The first one counts: a second cannot take its place behind somebody's back.
    std::string_view& into = found.*known->member;
    if (into.empty()) into = field.value;
  }
  return found;
}

bool is_gateway_field(std::string_view name) {
  return name.size() > kPrefix.size() && starts_with_ignoring_case(name, kPrefix);
}

}  // namespace gatehouse::gateway
