#include "credentials/choose_key.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace gatehouse::credentials {
namespace {

using exchange::CredentialOption;
using exchange::OptionKind;

std::string_view without_scheme(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  authorization = trimmed(authorization);
  if (equals_ignoring_case(authorization, trimmed(kScheme))) return {};
  if (starts_with_ignoring_case(authorization, kScheme)) {
    authorization.remove_prefix(kScheme.size());
  }
  return trimmed(authorization);
}

std::string_view client_text(const KeySources& sources) {
  for (const std::string_view text :
       {without_scheme(sources.hints.authorization), trimmed(sources.hints.x_api_key)}) {
    if (!sources.store.is_dummy(text)) return text;
  }
  return {};
}

std::string_view environment_text(const KnownProvider& provider, const KeySources& sources) {
  for (const std::string_view name : provider.env) {
    const std::string_view text =
        trimmed(sources.environment.find(name).value_or(std::string_view()));
    if (!sources.store.is_dummy(text)) return text;
  }
  return {};
}

bool is_whole(const KnownProvider& provider, const CredentialFields& fields) {
  return std::ranges::any_of(provider.options, [&](const CredentialOption& option) {
    return option.kind == OptionKind::whole &&
           std::ranges::find(fields, option.option, &CredentialFields::value_type::first) !=
               fields.end();
  });
}

/// The parts that `find` knows; none at all if they do not make a credential.
template <class Find>
CredentialFields fields_from(const KnownProvider& provider, const Find& find) {
  CredentialFields fields;
  for (const CredentialOption& option : provider.options) {
    if (option.kind != OptionKind::whole && option.kind != OptionKind::part) continue;
    const std::string_view text = trimmed(find(option));
    if (!text.empty()) fields.emplace_back(option.option, Secret(std::string(text)));
  }
  if (!is_whole(provider, fields)) fields.clear();
  return fields;
}

ChosenKey client_key(const KnownProvider& provider, const KeySources& sources) {
  ChosenKey key;
  key.text = client_text(sources);
  if (const RequestOptions* options = sources.hints.options) {
    key.fields = fields_from(provider, [options](const CredentialOption& option) {
      return options->find(option.option);
    });
  }
  if (!key.text.empty() || !key.fields.empty()) key.source = KeySource::client;
  return key;
}

ChosenKey environment_key(const KnownProvider& provider, const KeySources& sources) {
  ChosenKey key;
  key.text = environment_text(provider, sources);
  if (key.text.empty()) {
    key.fields = fields_from(provider, [&](const CredentialOption& option) {
      return option.variable.empty() ? std::string_view()
                                     : sources.environment.find(option.variable).value_or("");
    });
  }
  if (!key.text.empty() || !key.fields.empty()) key.source = KeySource::environment;
  return key;
}

/// Of a stored credential all that it says; what it lacks of a credential is the environment's.
ChosenKey stored_key(const ProviderChoice& choice, const KeySources& sources) {
  const StoredCredential& stored = *choice.stored;
  ChosenKey key;
  if (stored.key.is_empty() && !is_whole(choice.provider, stored.options)) {
    key = environment_key(choice.provider, sources);
  } else {
    key.text = stored.key.reveal();
    key.source = KeySource::stored;
  }
  key.fields.insert(key.fields.begin(), stored.options.begin(), stored.options.end());
  return key;
}

template <class Names>
void append_choice(std::string& out, const Names& names) {
  for (const std::string_view name : names) {
    if (!out.empty()) out += " or ";
    out += name;
  }
}

std::string variables_of(const KnownProvider& provider) {
  std::vector<std::string_view> names(provider.env.begin(), provider.env.end());
  for (const CredentialOption& option : provider.options) {
    if (option.kind == OptionKind::whole && !option.variable.empty()) {
      names.push_back(option.variable);
    }
  }
  std::string out;
  append_choice(out, names);
  return out.empty() ? "the provider's variable" : out;
}

std::string headers_of(const KnownProvider& provider) {
  std::string out;
  for (const CredentialOption& option : provider.options) {
    if (option.kind == OptionKind::whole) out += ", or x-portkey-" + std::string(option.option);
  }
  return out;
}

std::unexpected<Failure> missing_key(const KnownProvider& provider, const RequestHints& hints) {
  std::string message = "Missing API key for provider '" + std::string(provider.id) +
                        "'. Send it as 'Authorization: Bearer KEY'" + headers_of(provider) +
                        ", or set " + variables_of(provider) +
                        " in the gateway's environment or .env, or use a virtual key "
                        "(x-portkey-virtual-key, or '@slug/model').";
  if (leads_to_stranger(hints)) {
    message += " The gateway's own keys are only sent to custom hosts in TRUSTED_CUSTOM_HOSTS.";
  }
  return fail(client_error(ErrorCode::missing_provider_key, std::move(message)));
}

}  // namespace

bool leads_to_stranger(const RequestHints& hints) {
  return !hints.custom_host.empty() && hints.custom_host_trust == HostTrust::untrusted;
}

Result<ChosenKey> choose_key(const ProviderChoice& choice, const KeySources& sources) {
  ChosenKey key =
      choice.stored != nullptr ? stored_key(choice, sources) : client_key(choice.provider, sources);
  if (key.source == KeySource::none && choice.stored == nullptr &&
      !leads_to_stranger(sources.hints)) {
    key = environment_key(choice.provider, sources);
  }
  if (key.source == KeySource::none && choice.provider.key == KeyNeed::required) {
    return missing_key(choice.provider, sources.hints);
  }
  return key;
}

}  // namespace gatehouse::credentials
