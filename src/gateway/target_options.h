// What a request says about its provider beyond the name, wherever it says it.
#pragma once

#include <string_view>

#include "credentials/credential_store.h"
#include "credentials/request_options.h"
#include "gateway/resolve.h"
#include "http/head.h"
#include "providers/options.h"

namespace gatehouse::gateway {

/// The `x-portkey-...` fields of a request.
class HeaderOptions final : public providers::Options, public credentials::RequestOptions {
 public:
  explicit HeaderOptions(const http::Fields& fields) : fields_(fields) {}
  std::string_view find(std::string_view name) const override;

 private:
  const http::Fields& fields_;
};

/// The options of a credential.
class StoredOptions final : public providers::Options {
 public:
  explicit StoredOptions(const credentials::CredentialFields& fields) : fields_(fields) {}
  std::string_view find(std::string_view name) const override;

 private:
  const credentials::CredentialFields& fields_;
};

/// Everything that counts for one target: what its credential says, then the request, then the
/// operator's environment. The parts of a credential come from the credential alone.
class TargetOptions final : public providers::Options {
 public:
  TargetOptions(const http::Fields& head, const Target& target, const Snapshot& snapshot)
      : stored_(target.resolved.fields), header_(head), row_(*target.row), snapshot_(snapshot) {}
  std::string_view find(std::string_view name) const override;

 private:
  StoredOptions stored_;
  HeaderOptions header_;
  const providers::ProviderRow& row_;
  const Snapshot& snapshot_;
};

}  // namespace gatehouse::gateway
