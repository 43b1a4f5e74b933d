// The second half of resolve_target: which credential, and where it came from.
#pragma once

#include <string_view>

#include "base/result.h"
#include "credentials/choose_provider.h"
#include "credentials/resolve_target.h"

namespace gatehouse::credentials {

/// All parts come from one place: a client's half is never made whole with the operator's.
struct ChosenKey {
  std::string_view text;
  CredentialFields fields;
  KeySource source = KeySource::none;
};

/// Where keys may be taken from.
struct KeySources {
  const RequestHints& hints;
  const CredentialStore& store;
  const EnvironmentView& environment;
};

/// Whether the request names a host that the operator does not trust.
bool leads_to_stranger(const RequestHints& hints);

/// Error: missing_provider_key.
Result<ChosenKey> choose_key(const ProviderChoice& choice, const KeySources& sources);

}  // namespace gatehouse::credentials
