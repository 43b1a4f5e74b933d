#include "credentials/resolve_target.h"

#include <utility>

#include "base/text.h"
#include "credentials/choose_provider.h"

namespace gatehouse::credentials {
namespace {

struct Key {
  std::string_view text;
  KeySource source = KeySource::none;
};

std::string_view without_scheme(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  authorization = trimmed(authorization);
  if (equals_ignoring_case(authorization, trimmed(kScheme))) return {};
  if (starts_with_ignoring_case(authorization, kScheme)) {
    authorization.remove_prefix(kScheme.size());
  }
  return trimmed(authorization);
}

Key client_key(const RequestHints& hints, const CredentialStore& store) {
  for (const std::string_view text :
       {without_scheme(hints.authorization), trimmed(hints.x_api_key)}) {
    if (!store.is_dummy(text)) return {text, KeySource::client};
  }
  return {};
}

Key environment_key(const KnownProvider& provider, const CredentialStore& store,
                    const EnvironmentView& environment) {
  for (const std::string_view name : provider.env) {
    const std::string_view text = trimmed(environment.find(name).value_or(std::string_view()));
    if (!store.is_dummy(text)) return {text, KeySource::environment};
  }
  return {};
}

bool leads_to_stranger(const RequestHints& hints) {
  return !hints.custom_host.empty() && hints.custom_host_trust == HostTrust::untrusted;
}

std::string variables_of(const KnownProvider& provider) {
  std::string out;
  for (const std::string_view name : provider.env) {
    if (!out.empty()) out += " or ";
    out += name;
  }
  return out.empty() ? "the provider's variable" : out;
}

std::unexpected<Error> missing_key(const KnownProvider& provider, const RequestHints& hints) {
  std::string message = "Missing API key for provider '" + std::string(provider.id) +
                        "'. Send it as 'Authorization: Bearer KEY', or set " +
                        variables_of(provider) +
                        " in the gateway's environment or .env, or use a virtual key "
                        "(x-portkey-virtual-key, or '@slug/model').";
  if (leads_to_stranger(hints)) {
    message += " The gateway's own keys are only sent to custom hosts in TRUSTED_CUSTOM_HOSTS.";
  }
  return fail(client_error(ErrorCode::missing_provider_key, std::move(message)));
}

Result<Key> choose_key(const ProviderChoice& choice, const RequestHints& hints,
                       const CredentialStore& store, const EnvironmentView& environment) {
  Key key;
  if (choice.stored == nullptr) {
    key = client_key(hints, store);
  } else if (!choice.stored->key.is_empty()) {
    key = {choice.stored->key.reveal(), KeySource::stored};
  }
  if (key.source == KeySource::none && !leads_to_stranger(hints)) {
    key = environment_key(choice.provider, store, environment);
  }
  if (key.source == KeySource::none && choice.provider.key == KeyNeed::required) {
    return missing_key(choice.provider, hints);
  }
  return key;
}

void choose_host(const RequestHints& hints, ResolvedTarget& target) {
  if (!hints.custom_host.empty()) {
    target.custom_host = std::string(hints.custom_host);
    target.host_source = HostSource::client;
  } else if (target.stored != nullptr && !target.stored->base_url.empty()) {
    target.custom_host = target.stored->base_url;
    target.host_source = HostSource::stored;
  }
}

}  // namespace

Result<ResolvedTarget> resolve_target(const RequestHints& hints, const CredentialStore& store,
                                      const ProviderNames& providers,
                                      const EnvironmentView& environment) {
  Result<ProviderChoice> choice = choose_provider(hints, store, providers);
  if (!choice) return fail(std::move(choice.error()));
  if (choice->stored != nullptr && leads_to_stranger(hints)) {
    return fail(client_error(ErrorCode::custom_host_blocked,
                             "Invalid custom host: the virtual key '@" + choice->stored->slug +
                                 "' is only sent to custom hosts in TRUSTED_CUSTOM_HOSTS.",
                             "custom_host"));
  }
  const Result<Key> key = choose_key(*choice, hints, store, environment);
  if (!key) return fail(key.error());
  ResolvedTarget target;
  target.provider = std::string(choice->provider.id);
  target.model = std::string(choice->model);
  target.key = Secret(std::string(key->text));
  target.key_source = key->source;
  target.stored = std::move(choice->stored);
  choose_host(hints, target);
  return target;
}

}  // namespace gatehouse::credentials
