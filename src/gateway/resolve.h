// Where a request goes, and as whom.
#pragma once

#include <optional>
#include <string>

#include "credentials/resolve_target.h"
#include "exchange/exchange.h"
#include "exchange/plan.h"
#include "gateway/gateway_fields.h"
#include "gateway/read_request.h"
#include "gateway/snapshot.h"
#include "http/head.h"
#include "providers/provider_row.h"

namespace gatehouse::gateway {

/// A target of the request, found and checked.
struct Target {
  const providers::ProviderRow* row = nullptr;
  credentials::ResolvedTarget resolved;
  const http::AddressPolicy* policy = nullptr;     // set for hosts that a client chose
  const providers::ModelFamily* family = nullptr;  // of the model, if the row tells families apart

  /// What is spoken to it.
  std::optional<llm::DialectId> dialect() const {
    return family != nullptr ? std::optional(family->dialect) : row->dialect;
  }
  llm::Host host() const { return family != nullptr ? family->host : row->host; }
};

/// The request's own fields, what was asked, and who asks.
struct ResolveInput {
  const GatewayFields& fields;
  const http::Fields& head;
  const Asked& asked;
  const auth::Identity& identity;
  const exchange::PlanNode* leaf = nullptr;  // of a plan; the fields are laid over with it already
  std::string_view operators_host{};         // a custom host that the operator wrote
};

/// Who is meant, without a look at what he can do. Error: as resolve().
Result<Target> locate(const Snapshot& snapshot, const ResolveInput& input);

/// Error: missing_provider, invalid_provider, missing_provider_key, custom_host_blocked,
/// capability_not_supported. Fills the exchange's provider.
Result<Target> resolve(const Snapshot& snapshot, const ResolveInput& input,
                       exchange::Exchange& exchange);

/// Whom a call reaches, as whom and for which model, without telling the credential: what health
/// and concurrency are kept by.
std::string upstream_name(const Target& target);

}  // namespace gatehouse::gateway
