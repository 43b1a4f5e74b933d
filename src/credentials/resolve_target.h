// Who is called, with which key: from what a request says, by a fixed order.
//
// Provider, the first that applies:
//   1. provider header "@slug"          4. provider header with a provider's name
//   2. virtual key header               5. model "portkey/<provider or @slug>/<model>"
//   3. model "@slug/<model>", if the    6. model "<provider>/<model>", if the provider is known
//      slug is known                       (else the model is left as it is)
// Key: of a stored credential its own, and what the client sent is ignored. Else the client's
// `Authorization`, `x-api-key` and the fields of its own that the provider has for credentials,
// then the operator's environment. Dummies count as none. All parts come from the same place.
//
// A key of the operator's never goes to a host that a client chose, unless the operator trusts that
// host: otherwise any client could have it sent to himself.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "credentials/credential_store.h"
#include "credentials/environment_view.h"
#include "credentials/provider_names.h"
#include "credentials/request_options.h"

namespace gatehouse::credentials {

enum class HostTrust : std::uint8_t { untrusted, trusted };

/// What the request (or the leaf of a config in its place) says. Empty: it does not say.
struct RequestHints {
  std::string_view provider_header;     // "openai", "@slug"
  std::string_view virtual_key_header;  // "slug", "@slug"
  std::string_view model;               // the body's
  std::string_view authorization;       // the field as sent; empty if it held the gateway key
  std::string_view x_api_key;           // likewise
  std::string_view custom_host;         // a URL that passed the rules for custom hosts
  HostTrust custom_host_trust = HostTrust::untrusted;
  const RequestOptions* options = nullptr;  // the other fields; nullptr: there are none
};

enum class KeySource : std::uint8_t { none, client, environment, stored };
enum class HostSource : std::uint8_t { provider, client, stored };

struct ResolvedTarget {
  std::string provider;     // canonical
  std::string model;        // as the provider knows it; equal to the hint when nothing was cut off
  Secret key;               // empty if the provider needs none, or `fields` are the credential
  CredentialFields fields;  // beside or instead of the key; those of a stored credential all
  KeySource key_source = KeySource::none;
  std::optional<std::string> custom_host;
  HostSource host_source = HostSource::provider;
  /// Where slug and extra headers stand; nullptr when no stored credential is used.
  std::shared_ptr<const StoredCredential> stored;
};

/// What a deployment knows.
struct Known {
  const CredentialStore& store;
  const ProviderNames& providers;
  const EnvironmentView& environment;
};

/// Pure. Fills a target that is empty as yet. Errors, all of the client's making: missing_provider,
/// invalid_provider (unknown provider or slug, with near names), missing_provider_key,
/// custom_host_blocked; of the operator's: invalid_config (a stored credential for a provider that
/// does not exist).
Result<void> resolve_target(const RequestHints& hints, const Known& known, ResolvedTarget& target);

}  // namespace gatehouse::credentials
