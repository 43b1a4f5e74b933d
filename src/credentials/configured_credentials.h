// The credentials that stand in the configuration.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "credentials/credential_store.h"

namespace gatehouse::credentials {

/// A reload makes a new one.
class ConfiguredCredentials final : public CredentialStore {
 public:
  /// Of two credentials with the same slug the first counts. `dummies` are compared ignoring case.
  ConfiguredCredentials(std::vector<StoredCredential> credentials,
                        std::vector<std::string> dummies);

  std::shared_ptr<const StoredCredential> find(std::string_view slug) const override;
  std::vector<std::string> near_slugs(std::string_view slug) const override;
  bool is_dummy(std::string_view key) const override;

 private:
  std::map<std::string, std::shared_ptr<const StoredCredential>, std::less<>> by_slug_;
  std::vector<std::string> dummies_;
};

}  // namespace gatehouse::credentials
