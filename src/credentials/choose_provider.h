// The first half of resolve_target: which provider, through which stored credential, which model.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "credentials/resolve_target.h"

namespace gatehouse::credentials {

/// Views into the hints and into what the provider names own.
struct ProviderChoice {
  KnownProvider provider;
  std::shared_ptr<const StoredCredential> stored;
  std::string_view model;
};

/// Errors: missing_provider, invalid_provider, invalid_config.
Result<ProviderChoice> choose_provider(const RequestHints& hints, const CredentialStore& store,
                                       const ProviderNames& providers);

}  // namespace gatehouse::credentials
