#include "gateway/resolve.h"

#include <functional>

#include "base/text.h"
#include "config/custom_host.h"
#include "gateway/call_endpoint.h"
#include "gateway/target_options.h"
#include "gateway/translate.h"
#include "providers/model_family.h"
#include "providers/signers/google.h"
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

Result<void> check_capability(const Target& target, const Route& route) {
  if (route.kind == RouteKind::proxy || needs_translation(route.endpoint, target)) return {};
  const providers::ProviderRow& row = *target.row;
  const std::optional<llm::DialectId> asked = dialect_of(route.endpoint);
  const bool is_counted = route.endpoint == Endpoint::messages_count_tokens &&
                          endpoint_door_of(route.endpoint, target) != nullptr;
  if (is_counted) return {};
  const bool is_spoken = !asked || target.dialect() == asked ||
                         row.can.has(Capability::responses) ||
                         row.reach == providers::Reach::in_process;
  if (row.can.has(route.capability) && is_spoken) return {};
  return fail(client_error(ErrorCode::capability_not_supported,
                           std::string(exchange::name_of(route.endpoint)) +
                               " is not supported by " + std::string(row.id) + ": it has no '" +
                               std::string(llm::name_of(route.capability)) +
                               "'. Use another provider for it."));
}

Result<void> find_target(const Snapshot& snapshot, const RequestHints& hints,
                         ResolvedTarget& target) {
  return credentials::resolve_target(
      hints, {snapshot.credentials, snapshot.names, snapshot.environment()}, target);
}

/// A service account belongs to a project, whatever else the request says.
void add_project(const providers::ProviderRow& row, ResolvedTarget& resolved) {
  if (row.signer != providers::SignerId::gcp_oauth) return;
  std::string_view account = StoredOptions(resolved.fields).find(providers::kServiceAccount);
  if (account.empty()) account = resolved.key.reveal();
  std::string project = providers::project_of_service_account(account);
  if (project.empty()) return;
  resolved.fields.emplace(resolved.fields.begin(), "vertex-project-id", Secret(std::move(project)));
}

/// The name of the model as this provider wants it, and the family that it tells.
void place_model(Target& target, const ResolveInput& input, const Snapshot& snapshot) {
  ResolvedTarget& resolved = target.resolved;
  const providers::ProviderRow& row = *target.row;
  if (!row.model_option.empty()) {
    const TargetOptions options(input, target, snapshot);
    const std::string_view said = options.find(row.model_option);
    if (!said.empty()) resolved.model = said;
  }
  if (row.families.is_empty()) return;
  const std::string_view base = resolved.custom_host ? *resolved.custom_host : std::string_view();
  target.family = providers::family_of(row, {input.asked.route.capability, resolved.model, base});
  if (target.family != nullptr) {
    resolved.model = providers::model_within(*target.family, resolved.model);
  }
}

Result<void> find(const Snapshot& snapshot, const ResolveInput& input, Target& target) {
  const HeaderOptions options(input);
  RequestHints hints;
  hints.options = &options;
  hints.provider_header = input.fields.provider;
  hints.virtual_key_header = input.fields.virtual_key;
  hints.model = input.asked.model;
  if (!input.identity.is_authorization_ours) hints.authorization = input.fields.authorization;
  if (!input.identity.is_x_api_key_ours) hints.x_api_key = input.fields.x_api_key;
  if (Result<void> taken = take_custom_host(input.fields.custom_host, snapshot, hints); !taken) {
    return taken;
  }
  const bool is_operators = hints.custom_host.empty() && !input.operators_host.empty();
  if (is_operators) {
    hints.custom_host = input.operators_host;
    hints.custom_host_trust = HostTrust::trusted;
  }
  ResolvedTarget& resolved = target.resolved;
  if (Result<void> found = find_target(snapshot, hints, resolved); !found) return found;
  const providers::ProviderRow* row = snapshot.providers.find(resolved.provider);
  if (row == nullptr) return fail(gateway_error(ErrorCode::internal, "A provider has no row."));

  // Some providers let the request name their address in a field of its own (Azure, Databricks).
  std::string asked_base;
  if (hints.custom_host.empty() && !row->base_option.empty()) {
    asked_base = providers::requested_base(*row, options);
  }
  if (!asked_base.empty()) {
    if (Result<void> taken = take_custom_host(asked_base, snapshot, hints); !taken) return taken;
    resolved = {};
    if (Result<void> found = find_target(snapshot, hints, resolved); !found) return found;
  }
  add_project(*row, resolved);
  target.row = row;
  place_model(target, input, snapshot);
  const bool is_clients_host = resolved.host_source == credentials::HostSource::client;
  if (is_clients_host && !is_operators) target.policy = &snapshot.policy;
  return {};
}

}  // namespace

Result<Target> locate(const Snapshot& snapshot, const ResolveInput& input) {
  Result<Target> target{std::in_place};  // in its place from the start: moving it is dear
  if (Result<void> found = find(snapshot, input, *target); !found) {
    target = std::unexpected(std::move(found.error()));
  }
  return target;
}

Result<Target> resolve(const Snapshot& snapshot, const ResolveInput& input,
                       exchange::Exchange& exchange) {
  Result<Target> target = locate(snapshot, input);
  if (!target) return target;
  exchange.provider = target->row->id;
  if (Result<void> can = check_capability(*target, input.asked.route); !can) {
    target = std::unexpected(std::move(can.error()));
  }
  return target;
}

std::string upstream_name(const Target& target) {
  const credentials::ResolvedTarget& resolved = target.resolved;
  std::string name(target.row->id);
  name.append(" ").append(resolved.model);
  if (resolved.custom_host) name.append(" ").append(*resolved.custom_host);
  const std::size_t key = std::hash<std::string_view>{}(resolved.key.reveal());
  return name.append(" key-").append(std::to_string(key % 100'000));
}

}  // namespace gatehouse::gateway
