#include "gateway/saved_only.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "credentials/choose_provider.h"
#include "json/scan.h"

namespace gatehouse::gateway {
namespace {

using exchange::PlanNode;

std::unexpected<Failure> blocked(ErrorCode code, std::string_view what, std::string field) {
  std::string message(what);
  message +=
      " is not allowed here: this gateway only takes what its operator has saved. Name a "
      "virtual key (\"@slug\") or a saved config (\"pc-...\") instead.";
  return fail(client_error(code, std::move(message), std::move(field)));
}

/// The first field of the request that decides which host is called.
std::string_view location_field(const Snapshot& snapshot, const http::Fields& fields) {
  constexpr std::string_view kPrefix = "x-portkey-";
  for (const http::Field& field : fields) {
    std::string_view name = field.name;
    if (is_gateway_field(name)) name.remove_prefix(kPrefix.size());
    const bool is_one = std::ranges::any_of(
        snapshot.location_options,
        [name](std::string_view option) { return equals_ignoring_case(option, name); });
    if (is_one) return field.name;
  }
  return {};
}

bool forces_slug(const PlanNode& leaf) {
  return std::ranges::any_of(leaf.override_params, [](const llm::RawMember& each) {
    return each.name == "model" && each.json.starts_with("\"@");
  });
}

/// Whether a target of the plan leaves it to the request who is called.
bool asks_request(const PlanNode& node) {
  if (!node.is_leaf()) return std::ranges::any_of(node.targets, asks_request);
  if (node.is_passthrough) return true;
  return node.provider.empty() && node.virtual_key.empty() && !forces_slug(node);
}

}  // namespace

Result<void> check_saved_only(const Snapshot& snapshot, const GatewayFields& fields,
                              const http::RequestHead& head) {
  if (!snapshot.settings().server.saved_only) return {};
  if (const std::string_view config = trimmed(fields.config);
      !config.empty() && !names_saved_plan(snapshot.plans, config)) {
    return blocked(ErrorCode::inline_config_blocked, "A config in the request", "x-portkey-config");
  }
  if (const std::string_view provider = trimmed(fields.provider);
      !provider.empty() && !provider.starts_with('@')) {
    return blocked(ErrorCode::inline_provider_blocked, "A provider by its name",
                   "x-portkey-provider");
  }
  if (!fields.custom_host.empty()) {
    return blocked(ErrorCode::inline_custom_host_blocked, "A custom host", "x-portkey-custom-host");
  }
  if (const std::string_view field = location_field(snapshot, head.fields); !field.empty()) {
    return blocked(ErrorCode::inline_provider_url_blocked, "A field that says which host is called",
                   lowered(field));
  }
  if (providers::path_names_host(snapshot.providers, head.path)) {
    return blocked(ErrorCode::inline_provider_url_blocked, "A host in the path", "path");
  }
  if (!fields.forward_headers.empty()) {
    return blocked(ErrorCode::inline_forward_headers_blocked, "Naming headers to send on",
                   "x-portkey-forward-headers");
  }
  return {};
}

Result<void> check_saved_only_model(const Snapshot& snapshot, const GatewayFields& fields,
                                    std::string_view model, const exchange::Plan* plan) {
  if (!snapshot.settings().server.saved_only) return {};
  if (plan != nullptr && !asks_request(plan->root)) return {};
  credentials::RequestHints hints;
  hints.provider_header = fields.provider;
  hints.virtual_key_header = fields.virtual_key;
  hints.model = model;
  // What cannot be resolved at all is told later, in its own words.
  const auto choice = credentials::choose_provider(hints, snapshot.credentials, snapshot.names);
  if (!choice || choice->stored != nullptr) return {};
  return blocked(ErrorCode::inline_provider_blocked, "A provider by its name", "model");
}

}  // namespace gatehouse::gateway
