#include "gateway/resolve.h"

#include <algorithm>

#include "base/text.h"
#include "config/custom_host.h"
#include "gateway/translate.h"
#include "providers/upstream_url.h"

namespace gatehouse::gateway {
namespace {

using credentials::HostTrust;
using credentials::RequestHints;
using credentials::ResolvedTarget;

/// The text-level half of the rules for custom hosts; the connect-time half is CustomHostPolicy.
Result<void> take_custom_host(std::string_view text, const Snapshot& snapshot,
                              RequestHints& hints) {
  if (text.empty()) return {};
  const Result<config::CustomHost> host = config::validate_custom_host(text, snapshot.trusted);
  if (!host) return std::unexpected(host.error());
  hints.custom_host = text;
  hints.custom_host_trust =
      host->trust == config::HostTrust::trusted ? HostTrust::trusted : HostTrust::untrusted;
  return {};
}

Result<void> check_capability(const providers::ProviderRow& row, const Route& route) {
  if (route.kind == RouteKind::proxy || needs_translation(route.endpoint, row)) return {};
  const std::optional<llm::DialectId> asked = dialect_of(route.endpoint);
  const bool is_spoken = !asked || row.dialect == asked || row.can.has(Capability::responses) ||
                         row.reach == providers::Reach::in_process;
  if (row.can.has(route.capability) && is_spoken) return {};
  return fail(client_error(ErrorCode::capability_not_supported,
                           std::string(exchange::name_of(route.endpoint)) +
                               " is not supported by " + std::string(row.id) + "."));
}

/// "resource_name" in a config is "azure-resource-name" in a field (wire spec 2.2).
bool is_same_option(std::string_view option, std::string_view name) {
  constexpr std::string_view kOwnPrefix = "azure-";
  if (option.size() + kOwnPrefix.size() == name.size() && name.starts_with(kOwnPrefix)) {
    name.remove_prefix(kOwnPrefix.size());
  }
  return std::ranges::equal(option, name,
                            [](char a, char b) { return a == b || (a == '_' && b == '-'); });
}

Result<ResolvedTarget> find_target(const Snapshot& snapshot, const RequestHints& hints) {
  return credentials::resolve_target(hints, snapshot.credentials, snapshot.names,
                                     snapshot.environment());
}

}  // namespace

HeaderOptions::HeaderOptions(const ResolveInput& input) : fields_(input.head), leaf_(input.leaf) {}

std::string_view HeaderOptions::find(std::string_view name) const {
  if (leaf_ != nullptr) {
    for (const auto& [option, value] : leaf_->options) {
      if (is_same_option(option, name)) return value;
    }
  }
  constexpr std::string_view kPrefix = "x-portkey-";
  for (const http::Field& field : fields_) {
    if (field.name.size() == kPrefix.size() + name.size() && is_gateway_field(field.name) &&
        equals_ignoring_case(field.name.substr(kPrefix.size()), name)) {
      return field.value;
    }
  }
  // A few of them may also come under their own name (anthropic-version, openai-beta).
  return fields_.get(name);
}

Result<Target> locate(const Snapshot& snapshot, const ResolveInput& input) {
  RequestHints hints;
  hints.provider_header = input.fields.provider;
  hints.virtual_key_header = input.fields.virtual_key;
  hints.model = input.asked.model;
  if (!input.identity.is_authorization_ours) hints.authorization = input.fields.authorization;
  if (!input.identity.is_x_api_key_ours) hints.x_api_key = input.fields.x_api_key;
  if (Result<void> taken = take_custom_host(input.fields.custom_host, snapshot, hints); !taken) {
    return std::unexpected(std::move(taken.error()));
  }
  const bool is_operators = hints.custom_host.empty() && !input.operators_host.empty();
  if (is_operators) {
    hints.custom_host = input.operators_host;
    hints.custom_host_trust = HostTrust::trusted;
  }
  Result<ResolvedTarget> resolved = find_target(snapshot, hints);
  if (!resolved) return std::unexpected(std::move(resolved.error()));
  const providers::ProviderRow* row = snapshot.providers.find(resolved->provider);
  if (row == nullptr) return fail(gateway_error(ErrorCode::internal, "A provider has no row."));

  // Some providers let the request name their address in a field of its own (Azure, Databricks).
  std::string asked_base;
  if (hints.custom_host.empty() && !row->base_option.empty()) {
    asked_base = providers::requested_base(*row, HeaderOptions(input));
  }
  if (!asked_base.empty()) {
    if (Result<void> taken = take_custom_host(asked_base, snapshot, hints); !taken) {
      return std::unexpected(std::move(taken.error()));
    }
    resolved = find_target(snapshot, hints);
    if (!resolved) return std::unexpected(std::move(resolved.error()));
  }
  Target target{row, std::move(*resolved), nullptr};
  const bool is_clients_host = target.resolved.host_source == credentials::HostSource::client;
  if (is_clients_host && !is_operators) target.policy = &snapshot.policy;
  return target;
}

Result<Target> resolve(const Snapshot& snapshot, const ResolveInput& input,
                       exchange::Exchange& exchange) {
  Result<Target> target = locate(snapshot, input);
  if (!target) return target;
  exchange.provider = target->row->id;
  if (Result<void> can = check_capability(*target->row, input.asked.route); !can) {
    return std::unexpected(std::move(can.error()));
  }
  return target;
}

}  // namespace gatehouse::gateway
